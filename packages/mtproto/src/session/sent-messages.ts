import type { OutgoingMessage } from './outgoing.ts';
import type { SessionLink } from './session-link.ts';

const NONE: readonly OutgoingMessage[] = [];

/** What was sent and not acknowledged yet, oldest first; bounded by count and bytes. */
export class SentMessages {
  readonly #byId = new Map<bigint, OutgoingMessage>();
  readonly #maxCount: number;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxCount: number, maxBytes: number) {
    this.#maxCount = maxCount;
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#byId.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Keeps a message. @returns the oldest ones, which are given up to make room. */
  add(message: OutgoingMessage): readonly OutgoingMessage[] {
    this.#byId.set(message.msgId, message);
    this.#bytes += message.body.length;
    if (this.#fits()) return NONE;
    const evicted: OutgoingMessage[] = [];
    for (const oldest of this.#byId.values()) {
      if (this.#fits()) break;
      // The one just sent stays, however big: an answer must outlive one lost connection.
      if (oldest === message) break;
      this.take(oldest.msgId);
      evicted.push(oldest);
    }
    return evicted;
  }

  /** A kept message. */
  find(msgId: bigint): OutgoingMessage | undefined {
    return this.#byId.get(msgId);
  }

  /** Removes a message that was acknowledged, dropped or given up. */
  take(msgId: bigint): OutgoingMessage | undefined {
    const message = this.#byId.get(msgId);
    if (!message) return undefined;
    this.#byId.delete(msgId);
    this.#bytes -= message.body.length;
    return message;
  }

  /** What does not wait already and was last sent elsewhere than on `link`, or, with `only`, on that link. */
  listToResend(where: { except: SessionLink } | { only: SessionLink }): OutgoingMessage[] {
    const found: OutgoingMessage[] = [];
    for (const message of this.#byId.values()) {
      if (message.queued) continue;
      if ('only' in where ? message.link === where.only : message.link !== where.except) found.push(message);
    }
    return found;
  }

  #fits(): boolean {
    return this.#byId.size <= this.#maxCount && this.#bytes <= this.#maxBytes;
  }
}
