import { defineJobKind, jsonCodec, type JobKind } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { ChannelFlag, removeOperatorSettings } from '../chats/index.ts';
import { unfollowChannel } from '../dialogs/index.ts';
import { setPhoto } from '../groups/index.ts';
import { Names } from '../names/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { type Acting, changeChannel, type ChannelChange, type ChannelChangeDeps, channelPurges, listMembersToLeave } from '../channel-state/index.ts';
import type { Discussions } from './discussions.ts';

/** The deletion of channels. */
export interface ChannelDeletion {
  /**
   * Deletes the channel: from now on nobody has access, and its username is free. Members, messages, title and description are removed by a job.
   * @throws RpcError 400 CHAT_ADMIN_REQUIRED, CHANNEL_PRIVATE
   */
  delete(channel: ChannelChange, acting: Acting): Promise<tl.Update[]>;
  /** Does the same without asking for the right to it. */
  deleteNow(channel: ChannelChange, acting: Acting): Promise<tl.Update[]>;
  readonly jobKind: JobKind;
}

/** Creates the deletion of channels. */
export function createChannelDeletion(deps: ChannelChangeDeps & Pick<DomainDeps, 'homes'> & { discussions: Pick<Discussions, 'endIn'> }): ChannelDeletion {
  const jobKind = defineJobKind<{ channelId: bigint }>({
    kind: 'purge-channel',
    codec: jsonCodec(),
    // Each slice is gone when the next one is read, so a retry goes on where the last run stopped.
    async run({ channelId }, { ownerId, signal }) {
      while (await endMemberships(deps, channelId, ownerId)) signal.throwIfAborted();
      for (const purge of channelPurges(channelId)) {
        while (await deps.db.transact('purge-channel', purge)) signal.throwIfAborted();
      }
      const acting = { actorId: ownerId, origin: undefined };
      await changeChannel(deps, { name: 'empty-channel', channelId, acting }, {}, async (channel) => channel.set({ title: '', about: '' }));
    },
  });
  const deleteNow: ChannelDeletion['deleteNow'] = async (channel, acting) => {
    const { row, tx, peerId } = channel;
    await deps.discussions.endIn(channel, acting);
    channel.set({ flags: row.flags | ChannelFlag.deleted, username: null });
    await setPhoto(channel, undefined);
    await new Names(deps).changeUsername({ tx, told: channel.boxes }, peerId, { name: undefined, old: row.username?.toLowerCase() });
    await removeOperatorSettings(tx, peerId, row.migrated_from_chat_id !== null);
    await tx.job(jobKind.order(acting.actorId, { channelId: row.channel_id }));
    return [channel.changed()];
  };
  return {
    jobKind,
    deleteNow,
    async delete(channel, acting) {
      channel.check('delete_chat');
      return deleteNow(channel, acting);
    },
  };
}

/** Takes a slice of the members out of a deleted channel, whose devices learn that it is gone. @returns whether there were any */
async function endMemberships(deps: ChannelChangeDeps, channelId: bigint, actorId: bigint): Promise<boolean> {
  const userIds = await listMembersToLeave(deps.db, channelId);
  if (userIds.length === 0) return false;
  await changeChannel(deps, { name: 'leave-deleted-channel', channelId, acting: { actorId, origin: undefined } }, { opened: userIds }, async (channel) => {
    for (const userId of userIds) {
      const member = channel.memberOf(userId);
      if (member?.status !== 'member') continue;
      channel.setMember({ ...member, status: 'left', role: 'member', admin_rights: 0, rank: '', promoted_by: null });
      await unfollowChannel(channel.tx, userId, channel.peerId);
    }
    channel.tellChannelChanged(userIds);
  });
  return true;
}
