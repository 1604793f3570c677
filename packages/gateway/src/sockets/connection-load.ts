import { LONG_PACKET_BYTES } from '@aerogram/mtproto';
import type { ByteBudget, ByteHold } from '@aerogram/runtime';

/** Requests of one connection that may be open at once. */
const MAX_REQUESTS = 256;
/** Bytes that these may hold: eight parts of a file, which are the longest requests. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Told when reading may go on after `mustPause` said no. */
export interface PausedReader {
  readOn(): void;
}

/**
 * What one connection has on the way: requests that are not answered yet, and the bytes of long packets, received or to be sent, which count
 * in the budget of the process.
 */
export class ConnectionLoad {
  readonly #budget: ByteBudget;
  readonly #reader: PausedReader;
  #requests = 0;
  #requestBytes = 0;
  #longIn = 0;
  #longOut = 0;
  /** Undefined in connections that never had a long packet. */
  #hold: ByteHold | undefined;
  #waiting: Disposable | undefined;

  constructor(budget: ByteBudget, reader: PausedReader) {
    this.#budget = budget;
    this.#reader = reader;
  }

  /** Whether no more requests should be taken up until some are answered. */
  get isFull(): boolean {
    return this.#requests >= MAX_REQUESTS || this.#requestBytes >= MAX_BYTES;
  }

  /** Records that a request was taken up (+1) or answered (−1). */
  countRequest(change: 1 | -1, bytes: number, owner: string): void {
    this.#requests += change;
    this.#requestBytes += change * bytes;
    this.countPacket(change, bytes, owner);
  }

  /** Records that a packet has arrived (+1), or was taken apart into its requests (−1). */
  countPacket(change: 1 | -1, bytes: number, owner: string): void {
    if (bytes < LONG_PACKET_BYTES) return;
    this.#longIn += change * bytes;
    this.#update(owner);
  }

  /** Sets how many bytes are being sealed or wait for the client to read them. */
  setUnsent(bytes: number, owner: string): void {
    const long = bytes < LONG_PACKET_BYTES ? 0 : bytes;
    if (long === this.#longOut) return;
    this.#longOut = long;
    this.#update(owner);
  }

  /**
   * Whether nothing more should be read because the account has long packets on the way and there is no room for more. What was received is
   * still worked on, which makes room.
   */
  mustPause(owner: string): boolean {
    if (this.#waiting) return true;
    if (this.#longIn + this.#longOut === 0 || this.#budget.hasRoom(owner, LONG_PACKET_BYTES)) return false;
    this.#waiting = this.#budget.whenRoom(owner, LONG_PACKET_BYTES, () => {
      this.#waiting = undefined;
      this.#reader.readOn();
    });
    return true;
  }

  /** Forgets everything: the connection is closed. */
  clear(): void {
    this.#waiting?.[Symbol.dispose]();
    this.#waiting = undefined;
    this.#longIn = 0;
    this.#longOut = 0;
    this.#hold?.set(0);
  }

  #update(owner: string): void {
    this.#hold ??= this.#budget.open(owner);
    this.#hold.set(Math.max(0, this.#longIn) + this.#longOut, owner);
  }
}
