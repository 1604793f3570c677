import { rpcError } from '@aerogram/errors';
import { defineStatement, type Queries } from '@aerogram/storage';

import { ChannelFlag, findChannelRows } from '../chats/index.ts';
import type { MarkColumns } from '../peers/index.ts';
import { countFollowedChannels } from '../dialogs/index.ts';
import type { DomainConfig } from '../shared/index.ts';
import { changeChannel, type ChannelChange, type ChannelChangeDeps, type ChannelIds } from '../channel-state/index.ts';
import { admit } from './channel-members.ts';
import { asOwner, maySayOwners, ownerRights } from './channel-owner.ts';
import type { ChannelDeletion } from './delete-channel.ts';

/** What the operator of the server does in one channel, whatever rights anybody has there. */
export interface ChannelOperatorDoor {
  /** Deletes the channel with everything in it, in the background. A repeat changes nothing. @returns whether it existed until now */
  doDelete(): Promise<boolean>;
  /**
   * Makes a member the owner. The old owner becomes an admin if they are still there. A repeat changes nothing.
   * @param userId undefined if the owner is gone: the next admin becomes it, or else the member who has been there for the longest time
   * @returns the owner from now on; undefined if nobody can become it
   * @throws RpcError 400 CHANNEL_INVALID, CHANNEL_PRIVATE (it was deleted), USER_NOT_PARTICIPANT
   */
  doGive(userId: bigint | undefined): Promise<bigint | undefined>;
  /** Adds somebody who has just signed up. Does nothing for those who are or were there before, who are banned, or whom the channel has no room for. */
  doAddNewcomer(userId: bigint): Promise<void>;
  /** Sets the marks that only the operator can change. A repeat changes nothing. @throws RpcError 400 CHANNEL_INVALID, CHANNEL_PRIVATE (it was deleted) */
  doMark(marks: Partial<MarkColumns>): Promise<void>;
}

/** The dependencies of what operators do in channels. */
export interface ChannelOperatorDeps extends ChannelChangeDeps {
  deletion: Pick<ChannelDeletion, 'deleteNow'>;
  config: Pick<DomainConfig, 'adminLogEvents' | 'adminLogBytes' | 'supergroupMembersMax' | 'channelsPerUserMax' | 'botsPerGroupMax'>;
}

const findNextOwner = defineStatement<{ user_id: bigint }>(
  'find_next_channel_owner',
  `SELECT m.user_id FROM channel_members m JOIN users u ON u.user_id = m.user_id AND NOT u.deleted AND NOT u.bot
    WHERE m.channel_id = $1 AND m.user_id <> $2 AND m.status = 'member'
    ORDER BY m.role = 'member', m.date, m.user_id LIMIT 1`,
);

const findPresentOwner = defineStatement<{ user_id: bigint }>(
  'find_present_channel_owner',
  `SELECT m.user_id FROM channel_members m JOIN users u ON u.user_id = m.user_id AND NOT u.deleted WHERE m.channel_id = $1 AND m.user_id = $2 AND m.status = 'member'`,
);

/** The member who gets a channel without an owner: an admin, if there is one; of several the one who has been there for the longest time. */
async function findRescuer(reader: Pick<Queries, 'run'>, channelId: bigint, ownerId: bigint): Promise<bigint | undefined> {
  return (await reader.run(findNextOwner, [channelId, ownerId])).rows[0]?.user_id;
}

/** Creates what the operator does in a channel whose rows are in this database. */
export function openChannelOperator(deps: ChannelOperatorDeps, { channelId, peerId }: ChannelIds): ChannelOperatorDoor {
  // The channel itself acts, so that no member is shown as the one who did it.
  const acting = { actorId: peerId, origin: undefined };
  return {
    doDelete: () =>
      changeChannel(deps, { name: 'operator-delete-channel', channelId, acting }, {}, async (channel) => {
        if (channel.standing.closed) return false;
        await deps.deletion.deleteNow(channel, acting);
        return true;
      }),
    async doGive(wantedId) {
      for (;;) {
        const [row] = await findChannelRows(deps.db, [channelId]);
        if (row === undefined) throw rpcError('CHANNEL_INVALID');
        const oldId = row.creator_id;
        // A repeat finds the owner whom the first run has chosen.
        const isPresent = (await deps.db.run(findPresentOwner, [channelId, oldId])).rows.length > 0;
        const newId = wantedId ?? (isPresent ? oldId : await findRescuer(deps.db, channelId, oldId));
        if (newId === undefined) return undefined;
        // The boxes must be open before the rows are read under the lock, so the owner may have changed until then.
        const isDone = await changeChannel(deps, { name: 'operator-give-channel', channelId, acting }, { opened: [...new Set([oldId, newId])] }, (channel) => give(channel, { oldId, newId }));
        if (isDone) return newId;
      }
    },
    doMark: (marks) =>
      changeChannel(deps, { name: 'operator-mark-channel', channelId, acting }, {}, (channel) => {
        if (channel.standing.closed) throw rpcError('CHANNEL_PRIVATE');
        channel.set(marks);
        channel.changed();
        return Promise.resolve();
      }),
    doAddNewcomer: (userId) =>
      changeChannel(deps, { name: 'add-newcomer', channelId, acting: { actorId: userId, origin: undefined } }, { opened: [userId] }, async (channel) => {
        const { row } = channel;
        const isFull = row.kind === 'megagroup' && row.members >= deps.config.supergroupMembersMax;
        // A repeat finds the row, even if the newcomer has left meanwhile.
        if ((row.flags & ChannelFlag.deleted) !== 0 || isFull || channel.memberOf(userId) !== undefined) return;
        const counts = await countFollowedChannels(channel.tx, [userId]);
        if ((counts.get(userId) ?? 0) >= deps.config.channelsPerUserMax) return;
        await admit(channel, { actorId: userId, userId, inviterId: null, action: { _: 'messageActionChatAddUser', users: [userId] } }, deps.config);
      }),
  };
}

/** @returns false if somebody else has become the owner meanwhile */
async function give(channel: ChannelChange, { oldId, newId }: { oldId: bigint; newId: bigint }): Promise<boolean> {
  const { row } = channel;
  if (channel.standing.closed) throw rpcError('CHANNEL_PRIVATE');
  if (row.creator_id !== oldId) return false;
  const target = channel.memberOf(newId);
  if (target?.status !== 'member') throw rpcError('USER_NOT_PARTICIPANT');
  if (newId === oldId) return true;
  const isSaid = await maySayOwners(channel, [oldId, newId]);
  const old = channel.memberOf(oldId);
  channel.set({ creator_id: newId });
  channel.setMember(asOwner(target));
  if (old?.status === 'member') channel.setMember({ ...old, role: 'admin', admin_rights: ownerRights(old), promoted_by: newId });
  if (isSaid) await channel.say({ _: 'messageActionChangeCreator', new_creator_id: newId }, { isFree: true });
  channel.tellChannelChanged(old?.status === 'member' ? [oldId, newId] : [newId]);
  return true;
}
