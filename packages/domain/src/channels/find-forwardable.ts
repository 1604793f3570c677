import { rpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { ChannelFlag, checkRight, findChannelMembers, findChannelRows, hiddenUpTo, standingIn } from '../chats/index.ts';
import type { ForwardSource } from '../messages/index.ts';
import { findPosts } from './post-store.ts';

/**
 * Finds messages of a channel that a viewer wants to forward or to reply to in another chat. Ids that do not exist, or are hidden
 * from the viewer, are left out.
 * @throws RpcError 400 CHANNEL_INVALID, CHANNEL_PRIVATE if the viewer may not read the channel
 */
export async function findForwardable(
  { db, clock }: { db: Database; clock: Pick<Clock, 'now'> },
  { viewerId, channelId }: { viewerId: bigint; channelId: bigint },
  msgIds: readonly number[],
): Promise<ForwardSource> {
  const [[row], [member], found] = await Promise.all([
    findChannelRows(db, [channelId]),
    findChannelMembers(db, [{ id: channelId, userId: viewerId }]),
    findPosts(db.q, channelId, msgIds),
  ]);
  if (row === undefined) throw rpcError('CHANNEL_INVALID');
  checkRight(standingIn(row, member, clock.now()), 'view_messages');
  const hidden = hiddenUpTo(row, member);
  const rows = new Map([...found].filter(([msgId]) => msgId > hidden));
  return { rows, isProtected: (row.flags & ChannelFlag.noforwards) !== 0 };
}
