import { rpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { checkRight, findChannelMembers, findChannelRows, hiddenUpTo, isAdmin, standingIn } from '../chats/index.ts';
import type { PostRow } from '../events/index.ts';
import { findPosts } from './post-store.ts';

/** Messages of a supergroup that an admin reports as spam. */
export interface SpamReport {
  viewerId: bigint;
  channelId: bigint;
  /** Marked id of whom the messages show as their author. */
  authorId: bigint;
  msgIds: readonly number[];
}

/**
 * Finds messages that somebody may report as spam: admins of supergroups may, and the messages must be of this author.
 * @throws RpcError 400 CHANNEL_INVALID, CHANNEL_PRIVATE, CHAT_ADMIN_REQUIRED, MSG_ID_INVALID
 */
export async function accessSpam({ db, clock }: { db: Database; clock: Pick<Clock, 'now'> }, { viewerId, channelId, authorId, msgIds }: SpamReport): Promise<PostRow[]> {
  const [[row], [member], posts] = await Promise.all([
    findChannelRows(db, [channelId]),
    findChannelMembers(db, [{ id: channelId, userId: viewerId }]),
    findPosts(db.q, channelId, msgIds),
  ]);
  if (row === undefined) throw rpcError('CHANNEL_INVALID');
  const standing = standingIn(row, member, clock.now());
  checkRight(standing, 'view_messages');
  if (row.kind === 'broadcast') throw rpcError('CHANNEL_INVALID');
  if (!isAdmin(standing)) throw rpcError('CHAT_ADMIN_REQUIRED');
  const hidden = hiddenUpTo(row, member);
  if (msgIds.some((id) => id <= hidden || posts.get(id)?.from_id !== authorId)) throw rpcError('MSG_ID_INVALID');
  return [...posts.values()];
}
