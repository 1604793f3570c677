import { checkRight, plainMember } from '../chats/index.ts';
import type { PostRow, Queries } from '../events/index.ts';
import { type ChannelChange, findComments, findPosts, type Sender } from '../channel-state/index.ts';

/**
 * Lets somebody who is no member of a group write only where they comment: in the threads of posts of the linked channel. Members may write in all places.
 * @param topId the thread in which they write; null: none
 * @throws RpcError 403 CHAT_WRITE_FORBIDDEN, 400 CHANNEL_PRIVATE
 */
export async function checkCommenter(channel: ChannelChange, topId: number | null): Promise<void> {
  const { standing, row, tx } = channel;
  if (standing.status === 'member') return;
  const roots = topId === null ? new Map<number, PostRow>() : await findPosts(tx.q, row.channel_id, [topId]);
  if ((await findComments(tx.q, row, roots)).size > 0) return;
  // Checked as for somebody who cannot read the comments, which gives the usual error.
  const { comments: _, ...outside } = standing;
  checkRight(outside, 'send_plain');
}

/** Sees to it that slow mode, and what else is noted of whoever writes in a group, holds for somebody who was never a member, too. */
export function noteCommenter(channel: ChannelChange, actorId: bigint): void {
  const { standing, row, date } = channel;
  if (standing.status !== 'member' && channel.memberOf(actorId) === undefined) channel.setMember(plainMember(row.channel_id, actorId, date));
}

/** Whether messages are all such that their author may change them now: for somebody who is no member, comments. */
export async function areInReach(q: Queries, { standing, row }: Pick<Sender, 'standing' | 'row'>, posts: readonly PostRow[]): Promise<boolean> {
  if (standing.status === 'member') return true;
  return standing.comments !== undefined && (await findComments(q, row, new Map(posts.map((post) => [post.msg_id, post])))).size === posts.length;
}
