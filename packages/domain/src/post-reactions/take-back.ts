import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';

import { groupBy } from '../shared/index.ts';
import { checkRight, findChannelMembers, findChannelRows, standingIn } from '../chats/index.ts';
import { findPosts } from '../channel-state/index.ts';
import { saveChangedTotals } from './count-reactions.ts';
import { orderBotReactions } from './tell-bots.ts';
import { lockTotals, type ReactedPost, type ReactorQuery, takeReactionsOf } from './post-reaction-store.ts';

/**
 * Takes back what somebody has given to a post. A repeat changes nothing.
 * @param date in unix seconds
 * @returns whether there was anything
 */
export async function takeBack(tx: Tx, post: ReactedPost, reactor: ReactorQuery, date: number): Promise<boolean> {
  const before = await lockTotals(tx, post);
  const taken = await takeReactionsOf(tx, post, reactor);
  // Without totals the post was deleted, and these are what is left of it.
  if (before === undefined || taken.length === 0) return taken.length > 0;
  const [[row], posts] = await Promise.all([findChannelRows(tx, [post.channelId]), findPosts(tx.q, post.channelId, [post.msgId])]);
  const found = posts.get(post.msgId);
  if (row === undefined || found === undefined) return true;
  await saveChangedTotals(tx, before, { row, post: found }, { given: [], taken });
  await orderBotReactions(tx, { row, post: found }, Array.from(groupBy(taken, (one) => one.user_id).values(), (had) => ({ before: had, after: [] })), date);
  return true;
}

/**
 * Checks that an admin may take back the reactions of others. In broadcast channels nobody may: it would show who has reacted.
 * @throws RpcError 400 PEER_ID_INVALID, CHANNEL_INVALID, CHANNEL_PRIVATE, 403 MESSAGE_DELETE_FORBIDDEN
 */
export async function checkTakingBack(tx: Tx, channelId: bigint, actorId: bigint, date: number): Promise<void> {
  const [[row], [member]] = await Promise.all([findChannelRows(tx, [channelId]), findChannelMembers(tx, [{ id: channelId, userId: actorId }])]);
  if (row === undefined) throw rpcError('CHANNEL_INVALID');
  checkRight(standingIn(row, member, date), 'delete_messages');
  if (row.kind === 'broadcast') throw rpcError('PEER_ID_INVALID');
}
