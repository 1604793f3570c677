import type { Tx } from '@aerogram/storage';

import type { PostRow } from '../events/index.ts';
import type { CommentOrders, CommentThread } from './comment-orders.ts';
import { commentsOf, emptyComments, emptyThread, findThreads, saveThreadsLast, type ThreadRow, withReply } from './thread-store.ts';

/** The threads of a channel to which one change adds messages. The channel's counter is locked. */
export class OpenThreads {
  readonly #tx: Tx;
  readonly #channelId: bigint;
  /** As they are after the change. */
  readonly #threads = new Map<number, ThreadRow>();
  readonly #replies: PostRow[] = [];
  readonly #commented: number[] = [];

  constructor(tx: Tx, channelId: bigint) {
    this.#tx = tx;
    this.#channelId = channelId;
  }

  /** Opens a thread, which need not have any replies yet. @param topId the message that started it */
  async open(topId: number): Promise<void> {
    if (this.#threads.has(topId)) return;
    const found = await findThreads(this.#tx, this.#channelId, [topId]);
    this.#threads.set(topId, found.get(topId) ?? emptyThread(this.#channelId, topId));
  }

  /** The columns of a new message of an open thread; null: it belongs to none. */
  placeIn(topId: number | null): Pick<PostRow, 'top_id' | 'top_ordinal'> {
    return topId === null ? { top_id: null, top_ordinal: null } : { top_id: topId, top_ordinal: this.#threads.get(topId)!.ordinal + 1 };
  }

  /** Counts a new message, if it belongs to a thread. */
  add(row: PostRow): void {
    if (row.top_id === null) return;
    this.#threads.set(row.top_id, withReply(this.#threads.get(row.top_id)!, row));
    this.#replies.push(row);
  }

  /** Begins a thread with a new message, which is the first one of the thread itself. */
  begin(row: PostRow): void {
    this.#threads.set(row.msg_id, emptyThread(this.#channelId, row.msg_id));
    Object.assign(row, this.placeIn(row.msg_id));
    this.add(row);
  }

  /** Begins the thread of the comments on a post with a new message that copies it. */
  beginComments(row: PostRow, post: Omit<CommentThread, 'rootId'>): void {
    this.#threads.set(row.msg_id, emptyComments(row, post));
    this.#commented.push(row.msg_id);
  }

  /** Writes the threads together with the COMMIT, and orders that channels are told of new comments on their posts. @param date in unix seconds */
  async saveLast(orders: Pick<CommentOrders, 'tell'>, date: number): Promise<void> {
    const replied = new Set(this.#replies.map((row) => row.top_id!));
    const threads = [...new Set([...this.#commented, ...replied])].map((topId) => this.#threads.get(topId)!);
    const untold = threads.filter((thread) => replied.has(thread.top_id) && !thread.is_telling).flatMap((thread) => commentsOf(thread) ?? []);
    const saved = threads.map((thread) => ({ ...thread, is_telling: thread.is_telling || (replied.has(thread.top_id) && thread.source_id !== null) }));
    saveThreadsLast(this.#tx, this.#channelId, saved, this.#replies);
    await tellComments(this.#tx, orders, untold, date);
  }
}

/**
 * Orders that channels are told of the comments on their posts: in a second, so that they are told once of all that comes until then.
 * @param threads those of which no order waits yet
 */
export async function tellComments(tx: Tx, orders: Pick<CommentOrders, 'tell'>, threads: readonly CommentThread[], date: number): Promise<void> {
  await Promise.all(threads.map((thread) => tx.job(orders.tell(thread, date + 1))));
}
