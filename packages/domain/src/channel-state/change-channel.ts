import { markPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';

import { type ChannelMemberRow, type ChannelRow, type ChannelView, findChannelMembers, findChannelRows, findChannelView } from '../chats/index.ts';
import { ChannelChange } from './channel-change.ts';
import type { Acting, ChannelChangeDeps } from './channel-change-deps.ts';

/** Which rows and boxes a change needs. */
export interface ChangeScope {
  /** Users whose own boxes are written as well, for instance because they join. */
  opened?: readonly bigint[];
  /** Further users whose rows as members the change reads. */
  named?: readonly bigint[];
  /** The change adds no service message, so that what these cost the actor need not be known. */
  saysNothing?: boolean;
  /** The change adds words of the actor that members read, from which the operator may keep the actor. */
  writes?: boolean;
  /**
   * The plain id of the channel linked with this group, if the actor may read it and so its comments. That channel may be kept in another data centre, so it is asked
   * before the transaction; all else is decided under the lock.
   */
  readId?: bigint | undefined;
}

/**
 * Runs a transaction that changes a channel or adds messages to it. The channel's counter is locked, so changes and messages of the channel happen
 * one after the other. The rows of the channel, the actor and the named users are read under that lock.
 * @param channelId the plain id of the channel
 * @throws RpcError 400 CHANNEL_INVALID for a channel that does not exist
 */
export async function changeChannel<T>(
  deps: ChannelChangeDeps,
  { name, channelId, acting }: { name: string; channelId: bigint; acting: Acting },
  { opened = [], named = [], saysNothing = false, writes = false, readId }: ChangeScope,
  change: (channel: ChannelChange) => Promise<T>,
): Promise<T> {
  const peerId = markPeer({ _: 'peerChannel', channel_id: channelId });
  const userIds = [...new Set([acting.actorId, ...opened, ...named])];
  if (writes) await deps.sendLimits.checkPublic(acting.actorId, peerId);
  // Read before the transaction, which must not wait for another connection while it holds locks.
  const chargeNotice = saysNothing ? undefined : await deps.sendLimits.openNotices(acting.actorId);
  return deps.db.transact(name, (tx) => {
    const read = (): Promise<[ChannelRow[], ChannelMemberRow[], ChannelView | undefined]> =>
      Promise.all([
        findChannelRows(tx, [channelId]),
        findChannelMembers(tx, userIds.map((userId) => ({ id: channelId, userId }))),
        findChannelView(tx, acting.actorId, channelId),
      ]);
    return deps.withBoxes(
      tx,
      [peerId, ...opened],
      async (boxes, date, [[row], found, view]) => {
        if (row === undefined || view === undefined) throw rpcError('CHANNEL_INVALID');
        const members = new Map(found.map((member) => [member.user_id, member]));
        const channel = new ChannelChange(deps, { tx, boxes, date }, acting, { row, view, members, chargeNotice, readId });
        const result = await change(channel);
        await channel.save();
        return result;
      },
      read,
    );
  });
}
