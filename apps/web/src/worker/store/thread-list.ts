import type { MessageId, PeerId } from '../../protocol/index.ts';
import type { Database } from './database.ts';
import { isSame } from './is-same.ts';
import { addRange, cutRanges, extendTop, type Range } from './ranges.ts';

/** Threads that are kept; the others come from the server when somebody opens them. */
const THREADS_KEPT = 200;

/** The replies to one message of a supergroup, as far as the account knows them. */
export interface Thread {
  /** The group. */
  peer: PeerId;
  /** The message with which it began. */
  top: MessageId;
  /** That message, and those of its album. */
  roots: MessageId[];
  /** The post of which that message is a copy, if this is what is commented on it. */
  post?: { peer: PeerId; message: MessageId };
  /** The newest reply, or `top` if there is none. */
  topId: MessageId;
  count: number;
  /** The newest reply that is counted, or `top` if there is none. Newer ones may be loaded before the update that counts them arrives. */
  countedId: MessageId;
  /** See `Replies`. */
  version: number;
  unread: number;
  readInboxId: MessageId;
  readOutboxId: MessageId;
  /** From which to which id all replies are known. */
  ranges: Range[];
  /** When it was opened last, in seconds since 1970. */
  openedAt: number;
}

const keyOf = (peer: PeerId, top: MessageId): string => `${peer}:${top}`;

/** The threads that were opened. They are kept beside the ranges of chats: both say which messages are known, and are forgotten with them. */
export class ThreadList {
  readonly #database: Database;
  readonly #onChange: (peer: PeerId) => void;
  #threads = new Map<string, Thread>();

  /** @param onChange gets the group of a thread that has changed */
  constructor(database: Database, onChange: (peer: PeerId) => void) {
    this.#database = database;
    this.#onChange = onChange;
  }

  /** Takes over what the database has. Those that were not opened for the longest time are forgotten. */
  load(threads: readonly Thread[]): void {
    const sorted = [...threads].sort((first, second) => second.openedAt - first.openedAt);
    for (const thread of sorted.slice(0, THREADS_KEPT)) this.#threads.set(keyOf(thread.peer, thread.top), thread);
    for (const { peer, top } of sorted.slice(THREADS_KEPT)) this.#database.delete('ranges', [peer, top]);
  }

  get(peer: PeerId, top: MessageId): Thread | undefined {
    return this.#threads.get(keyOf(peer, top));
  }

  /** The threads of a group. */
  list(peer: PeerId): Thread[] {
    return [...this.#threads.values()].filter((thread) => thread.peer === peer);
  }

  /** The thread that began with a message of a group, or the comments on a post of a channel. */
  find(peer: PeerId, message: MessageId): Thread | undefined {
    return [...this.#threads.values()].find(
      (thread) => (thread.peer === peer && thread.roots.includes(message)) || (thread.post?.peer === peer && thread.post.message === message),
    );
  }

  put(thread: Thread): void {
    if (isSame(this.get(thread.peer, thread.top), thread)) return;
    this.#threads.set(keyOf(thread.peer, thread.top), thread);
    this.#database.put('ranges', [thread.peer, thread.top], thread);
    this.#onChange(thread.peer);
  }

  /** Changes a thread, if it is known. */
  change(peer: PeerId, top: MessageId, change: (thread: Thread) => Partial<Thread>): void {
    const thread = this.get(peer, top);
    if (thread) this.put({ ...thread, ...change(thread) });
  }

  /** Notes that all replies from one id to another are known. */
  addRange(peer: PeerId, top: MessageId, range: Range): void {
    this.change(peer, top, ({ ranges, topId }) => ({ ranges: addRange(ranges, range), topId: Math.max(topId, range.to) }));
  }

  /**
   * Notes a reply that an update brought.
   * @param pts of the update; 0 if it has none
   * @param isComplete no update of this group was missed, so nothing stands between this reply and the newest one that is known; otherwise the reply is still to be loaded, with those before it
   */
  addReply(peer: PeerId, top: MessageId, { id, pts, isOut, isComplete }: { id: MessageId; pts: number; isOut: boolean; isComplete: boolean }): void {
    this.change(peer, top, ({ topId, countedId, ranges, unread, readInboxId, count, version }) => {
      if (id <= countedId) return {};
      const isUnread = !isOut && isComplete && id > readInboxId;
      const counted = { countedId: id, count: count + 1, version: Math.max(version, pts), unread: isUnread ? unread + 1 : unread };
      return id <= topId ? counted : { ...counted, topId: id, ranges: isComplete ? extendTop(ranges, topId, id) : ranges };
    });
  }

  /** Moves the mark up to which a thread was read. How many replies are left is known only if none is. */
  read(peer: PeerId, top: MessageId, upTo: MessageId): void {
    this.change(peer, top, (thread) => (upTo < thread.readInboxId ? {} : { readInboxId: upTo, unread: upTo >= thread.topId ? 0 : thread.unread }));
  }

  /** Forgets which replies are known in a group. */
  void(peer: PeerId): void {
    for (const thread of this.list(peer)) this.put({ ...thread, ranges: [{ from: thread.top, to: thread.top }] });
  }

  /** Forgets which replies below an id are known in a group. */
  cut(peer: PeerId, from: MessageId): void {
    for (const thread of this.list(peer)) this.put({ ...thread, ranges: cutRanges(thread.ranges, from) });
  }

  /** Forgets a thread whose first message is gone. */
  remove(peer: PeerId, top: MessageId): void {
    if (!this.#threads.delete(keyOf(peer, top))) return;
    this.#database.delete('ranges', [peer, top]);
    this.#onChange(peer);
  }
}
