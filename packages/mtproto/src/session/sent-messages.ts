import type { OutgoingMessage } from './outgoing.ts';
import type { SessionLink } from './session-link.ts';

const NONE: readonly OutgoingMessage[] = [];

/** Messages sent and not acknowledged yet, oldest first; limited in number and bytes. */
export class SentMessages {
  /** Undefined while empty, as in every idle session. */
  #byId: Map<bigint, OutgoingMessage> | undefined;
  readonly #maxCount: number;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxCount: number, maxBytes: number) {
    this.#maxCount = maxCount;
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#byId?.size ?? 0;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** When the oldest was numbered, in Unix seconds; Infinity if there is none. */
  get oldestS(): number {
    for (const msgId of this.#byId?.keys() ?? []) return Number(msgId >> 32n);
    return Number.POSITIVE_INFINITY;
  }

  /** Keeps a message. @returns the oldest ones, which were dropped to make room. */
  add(message: OutgoingMessage): readonly OutgoingMessage[] {
    const kept = (this.#byId ??= new Map<bigint, OutgoingMessage>());
    kept.set(message.msgId, message);
    this.#bytes += message.keptBytes;
    if (this.#fits()) return NONE;
    const evicted: OutgoingMessage[] = [];
    for (const oldest of kept.values()) {
      if (this.#fits()) break;
      // The message just sent is kept, however large: an answer must survive one lost connection.
      if (oldest === message) break;
      this.take(oldest.msgId);
      evicted.push(oldest);
    }
    return evicted;
  }

  find(msgId: bigint): OutgoingMessage | undefined {
    return this.#byId?.get(msgId);
  }

  /** Removes a message that was acknowledged, dropped or cancelled. */
  take(msgId: bigint): OutgoingMessage | undefined {
    const message = this.#byId?.get(msgId);
    if (!message) return undefined;
    this.#byId!.delete(msgId);
    if (this.#byId!.size === 0) this.#byId = undefined;
    this.#bytes -= message.keptBytes;
    return message;
  }

  /** Messages that are not queued and were last sent over a link other than `except`, or over the link `only`. */
  listToResend(where: { except: SessionLink } | { only: SessionLink }): OutgoingMessage[] {
    const found: OutgoingMessage[] = [];
    for (const message of this.#byId?.values() ?? NONE) {
      if (message.queued) continue;
      if ('only' in where ? message.link === where.only : message.link !== where.except) found.push(message);
    }
    return found;
  }

  #fits(): boolean {
    return this.size <= this.#maxCount && this.#bytes <= this.#maxBytes;
  }
}
