import { rpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { checkRight, findChannelMembers, findChannelRows, hiddenUpTo, standingIn } from '../chats/index.ts';
import { findPosts } from './post-store.ts';

/**
 * Finds out which admin wrote a post that shows the channel as its author. Only other admins of the channel may know.
 * @returns the id of the user
 * @throws RpcError 400 CHANNEL_INVALID, CHANNEL_PRIVATE, CHAT_ADMIN_REQUIRED, MESSAGE_ID_INVALID (no such post, one that is hidden from the
 * viewer, or not of a broadcast channel)
 */
export async function findPoster(
  { db, clock }: { db: Database; clock: Pick<Clock, 'now'> },
  { viewerId, channelId }: { viewerId: bigint; channelId: bigint },
  msgId: number,
): Promise<bigint> {
  const [[row], [member], posts] = await Promise.all([
    findChannelRows(db, [channelId]),
    findChannelMembers(db, [{ id: channelId, userId: viewerId }]),
    findPosts(db.q, channelId, [msgId]),
  ]);
  if (row === undefined) throw rpcError('CHANNEL_INVALID');
  const standing = standingIn(row, member, clock.now());
  checkRight(standing, 'view_messages');
  if (row.kind !== 'broadcast') throw rpcError('MESSAGE_ID_INVALID');
  // In broadcast channels, only admins may see who the members are.
  checkRight(standing, 'view_members');
  const post = posts.get(msgId);
  if (post === undefined || msgId <= hiddenUpTo(row, member)) throw rpcError('MESSAGE_ID_INVALID');
  return post.poster_id;
}
