import { findChannelMembers } from '../chats/index.ts';
import type { PostRow } from '../events/index.ts';
import { ALBUM_MAX } from '../messages/index.ts';
import { type ChannelChange, type CommentOrders, findComments } from '../channel-state/index.ts';

/** Messages that one call has just added. */
interface NewAnswers {
  /** The message that they reply to. */
  repliedTo: PostRow | undefined;
  msgIds: readonly number[];
}

/**
 * Orders that answers to a comment are brought to its author, unless the author is in the group and sees them there. Of many messages of one call the first ones are
 * brought, as many as an album may have.
 */
export async function orderAnswers(orders: Pick<CommentOrders, 'bring'>, { tx, row }: ChannelChange, actorId: bigint, { repliedTo, msgIds }: NewAnswers): Promise<void> {
  // The message that begins a thread is the copy of a post, and nobody's comment.
  if (repliedTo === undefined || repliedTo.top_id === null || msgIds.length === 0) return;
  const { poster_id: userId } = repliedTo;
  const { channel_id: groupId, linked_chat_id: linkedId, kind } = row;
  if (userId === actorId || linkedId === null || kind === 'broadcast') return;
  const [author] = await findChannelMembers(tx, [{ id: groupId, userId }]);
  if (author?.status === 'member') return;
  if ((await findComments(tx.q, row, new Map([[repliedTo.msg_id, repliedTo]]))).size === 0) return;
  await tx.job(orders.bring({ userId, groupId, msgIds: msgIds.slice(0, ALBUM_MAX) }));
}
