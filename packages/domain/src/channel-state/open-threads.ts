import type { Tx } from '@aerogram/storage';

import type { PostRow } from '../events/index.ts';
import { startTopicMarksLast, type TopicReaders } from './topic-mark-store.ts';
import { emptyThread, findThreads, saveThreadsLast, type ThreadRow, withReply } from './thread-store.ts';

/** The threads of a channel to which one change adds messages. The channel's counter is locked. */
export class OpenThreads {
  readonly #tx: Tx;
  readonly #channelId: bigint;
  /** As they are after the change. */
  readonly #threads = new Map<number, ThreadRow>();
  readonly #replies: PostRow[] = [];
  readonly #joining: TopicReaders[] = [];

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

  /** Lets people who join begin to read the topics of a forum, if some of them have written there before or by this change. */
  startReading(readers: TopicReaders): void {
    if (readers.userIds.length > 0) this.#joining.push(readers);
  }

  /** Writes the threads together with the COMMIT. */
  saveLast(): void {
    const topIds = new Set(this.#replies.map((row) => row.top_id!));
    saveThreadsLast(this.#tx, this.#channelId, [...topIds].map((topId) => this.#threads.get(topId)!), this.#replies);
    for (const readers of this.#joining) startTopicMarksLast(this.#tx, this.#channelId, readers, this.#unreadFrom(readers.readMaxId));
  }

  /** By topic, the number before that of the first new message with an id above this one. */
  #unreadFrom(readMaxId: number): Map<number, number> {
    const unread = this.#replies.filter((row) => row.msg_id > readMaxId).toReversed();
    return new Map(unread.map((row) => [row.top_id!, row.top_ordinal! - 1]));
  }
}
