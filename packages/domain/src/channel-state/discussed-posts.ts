import type { Tx } from '@aerogram/storage';

import type { ChannelRow } from '../chats/index.ts';
import { commentsIn, MessageFlag, type PostRow, withCommentsIn } from '../events/index.ts';
import type { CommentOrders } from './comment-orders.ts';

/** The posts of a channel that one change adds, edits or deletes, and that can be commented on. */
export class DiscussedPosts {
  /** Ids of posts by the plain ids of the groups. */
  readonly #byGroup = new Map<bigint, Set<number>>();
  #allIn: bigint | undefined;

  /** The packed parts of a new post, with the group in which it can be commented on. Service messages have no comments. */
  packIn({ kind, linked_chat_id: groupId }: ChannelRow, { extra, flags }: Pick<PostRow, 'extra' | 'flags'>): Uint8Array | null {
    const isDiscussed = kind === 'broadcast' && groupId !== null && (flags & MessageFlag.service) === 0;
    return isDiscussed ? withCommentsIn(extra, groupId) : extra;
  }

  /** Notes posts whose copies must follow. Messages that cannot be commented on are left out. */
  note(posts: readonly PostRow[]): void {
    for (const { extra, msg_id } of posts) {
      const groupId = commentsIn(extra);
      if (groupId === undefined) continue;
      const noted = this.#byGroup.get(groupId) ?? new Set();
      this.#byGroup.set(groupId, noted.add(msg_id));
    }
  }

  /** Notes that all copies in a group must be looked at. @param groupId the plain id */
  noteAllIn(groupId: bigint): void {
    this.#allIn = groupId;
  }

  /** Orders that the copies follow, in the transaction of the change. @param channelId the plain id */
  async order(tx: Tx, orders: Pick<CommentOrders, 'copy' | 'copyAll'>, channelId: bigint): Promise<void> {
    if (this.#allIn !== undefined) await tx.job(orders.copyAll({ channelId, groupId: this.#allIn }));
    await Promise.all([...this.#byGroup].map(([groupId, postIds]) => tx.job(orders.copy({ channelId, groupId }, [...postIds]))));
  }
}
