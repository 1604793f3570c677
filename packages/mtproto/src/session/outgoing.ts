import { freeBytes } from '@aerogram/crypto';
import { RPC_RESULT } from './constructors.ts';

/**
 * answer: a result, sent as rpc_result. update: may be dropped when the client is slow. service: a content-related message of MTProto
 * itself. notice: needs no acknowledgement and is never sent again.
 */
export type OutgoingKind = 'answer' | 'update' | 'service' | 'notice';

const RESULT_HEAD = 12;
/** When a queue becomes empty, its array is used again if it had at most so many items. A longer one is dropped, to free its memory. */
const KEPT_ITEMS = 16;

/** What most messages do not have. */
export interface OutgoingOptions {
  /** Sent in response to the client; by default if there is a request. */
  responds?: boolean;
  /** The request, if the answer can be made again. */
  request?: Uint8Array | undefined;
}

/** A message to the client. It gets its msg_id and seq_no when it is first packed, and keeps them when it is sent again. */
export class OutgoingMessage {
  readonly kind: OutgoingKind;
  /** Undefined once it was sent and only its request is kept. */
  #body: Uint8Array | undefined;
  readonly #bodyLength: number;
  /** msg_id of the answered request; 0 if there is none. */
  readonly requestId: bigint;
  /** Sent in response to the client, which determines the lowest bits of the msg_id. */
  readonly responds: boolean;
  /** The request, if the answer can be made again. Once the answer was sent, this is kept instead of it. */
  readonly request: Uint8Array | undefined;
  msgId = 0n;
  seqNo = 0;
  /** The `SessionLink` over which it was last sent. */
  link: object | undefined;
  /** It is in the queue, for the first time or again. */
  queued = true;
  /** It was acknowledged or removed while it was queued; the queue skips it. */
  done = false;

  constructor(kind: OutgoingKind, body: Uint8Array, requestId = 0n, { responds = requestId !== 0n, request }: OutgoingOptions = {}) {
    this.kind = kind;
    this.#body = body;
    this.#bodyLength = body.length;
    this.requestId = requestId;
    this.responds = responds;
    this.request = request;
  }

  /** Length of the TL bytes; for an answer, of the content of rpc_result. */
  get bodyLength(): number {
    return this.#bodyLength;
  }

  /** Bytes that it takes while it waits for its acknowledgement. */
  get keptBytes(): number {
    return this.request === undefined ? this.#bodyLength : this.request.length;
  }

  /** TL bytes; for an answer the content of rpc_result. Undefined once it was sent and would have to be made again. */
  get body(): Uint8Array | undefined {
    return this.#body;
  }

  /** Called when it was written into a packet: frees the body if the answer can be made again. */
  written(): void {
    if (this.request === undefined || !this.#body) return;
    freeBytes(this.#body);
    this.#body = undefined;
  }

  /** Frees memory that a message would otherwise hold for long: a small body may be a view of a large buffer. */
  trim(): void {
    if (this.#body && this.#body.buffer.byteLength > 2 * this.#bodyLength) this.#body = new Uint8Array(this.#body);
  }

  /** Length of the message's body on the wire. */
  get wireLength(): number {
    return this.kind === 'answer' ? RESULT_HEAD + this.#bodyLength : this.#bodyLength;
  }

  /** Writes the body in wire format. @returns the offset after it. @throws Error when the body was dropped */
  writeTo(target: Buffer, at: number): number {
    if (this.#body === undefined) throw new Error('an answer that has to be made again cannot be sent');
    if (this.kind === 'answer') {
      const view = new DataView(target.buffer, target.byteOffset + at, RESULT_HEAD);
      view.setUint32(0, RPC_RESULT, true);
      view.setBigInt64(4, this.requestId, true);
      at += RESULT_HEAD;
    }
    target.set(this.#body, at);
    return at + this.#bodyLength;
  }
}

/** A first-in-first-out queue that counts its updates and answers, which have limits. */
export class OutgoingQueue {
  #items: OutgoingMessage[] = [];
  #head = 0;
  #updates = 0;
  #updateBytes = 0;
  #answers = 0;
  #answerBytes = 0;

  get updates(): number {
    return this.#updates;
  }

  get updateBytes(): number {
    return this.#updateBytes;
  }

  get answers(): number {
    return this.#answers;
  }

  get answerBytes(): number {
    return this.#answerBytes;
  }

  /** Number of messages in the queue, including acknowledged ones that it will skip. */
  get length(): number {
    return this.#items.length - this.#head;
  }

  get isEmpty(): boolean {
    return this.peek() === undefined;
  }

  push(message: OutgoingMessage): void {
    this.#items.push(message);
    this.#count(message, 1);
  }

  /** Puts messages back in front of all others, in their order. */
  unshift(messages: readonly OutgoingMessage[]): void {
    for (const message of messages) {
      message.queued = true;
      this.#count(message, 1);
    }
    this.#items = [...messages, ...this.#items.slice(this.#head)];
    this.#head = 0;
  }

  /** Frees the unused parts of its messages' buffers. */
  trim(): void {
    for (const message of this.#items) message.trim();
  }

  /** Returns the next message without removing it. */
  peek(): OutgoingMessage | undefined {
    for (;;) {
      const message = this.#items[this.#head];
      if (!message?.done) return message;
      this.#advance(message);
    }
  }

  /** Removes the message that `peek` returned. */
  shift(): OutgoingMessage | undefined {
    const message = this.peek();
    if (message) this.#advance(message);
    return message;
  }

  /** Drops the updates that were never sent. */
  dropUpdates(): void {
    this.#keep((message) => message.kind !== 'update' || message.msgId !== 0n);
  }

  /** Removes the answers that can be made again. @returns them, in their order */
  removeMadeAgain(): readonly OutgoingMessage[] {
    const removed = this.#items.slice(this.#head).filter((message) => message.request !== undefined && !message.done);
    if (removed.length > 0) this.#keep((message) => message.request === undefined);
    return removed;
  }

  #keep(fits: (message: OutgoingMessage) => boolean): void {
    const kept = this.#items.slice(this.#head).filter(fits);
    this.#items = [];
    this.#head = 0;
    this.#updates = 0;
    this.#updateBytes = 0;
    this.#answers = 0;
    this.#answerBytes = 0;
    for (const message of kept) this.push(message);
  }

  #advance(message: OutgoingMessage): void {
    message.queued = false;
    this.#count(message, -1);
    this.#head += 1;
    if (this.#head === this.#items.length) {
      if (this.#items.length > KEPT_ITEMS) this.#items = [];
      // `pop` keeps the array's memory for the next message; setting the length to 0 would free it.
      else while (this.#items.length > 0) this.#items.pop();
      this.#head = 0;
    } else if (this.#head > 1024) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
  }

  #count(message: OutgoingMessage, sign: 1 | -1): void {
    if (message.kind === 'update') {
      this.#updates += sign;
      this.#updateBytes += sign * message.bodyLength;
    } else if (message.kind === 'answer') {
      this.#answers += sign;
      this.#answerBytes += sign * message.bodyLength;
    }
  }
}
