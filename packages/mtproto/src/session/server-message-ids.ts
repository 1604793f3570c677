/** 'answer': a response to a message of the client. */
export type ServerMessageKind = 'answer' | 'notification';

/** If the clock is this far behind the last id, in seconds, it was set back. */
const MAX_BACK_S = 30;

/**
 * Creates the message ids of one process: strictly ascending across all its sessions, close to unixtime · 2^32, ≡ 1 (mod 4) for answers and
 * ≡ 3 for everything else. They also ascend while the clock goes back a little. If the clock was set back, they follow it, because clients
 * learn the time from these ids and their messages would otherwise all be refused.
 * @see https://core.telegram.org/mtproto/description#message-identifier-msg-id
 */
export class ServerMessageIds {
  readonly #words = new Uint32Array(2);
  readonly #id = new BigInt64Array(this.#words.buffer);
  #seconds = 0;
  /** Fraction of the second in units of 2^-32 s, a multiple of 4. */
  #fraction = 0;

  next(nowMs: number, kind: ServerMessageKind): bigint {
    const seconds = Math.floor(nowMs / 1000);
    const fraction = Math.floor(((nowMs - seconds * 1000) / 1000) * 0x1_0000_0000) & ~3;
    const unsigned = fraction >>> 0;
    if (seconds > this.#seconds || seconds < this.#seconds - MAX_BACK_S || (seconds === this.#seconds && unsigned > this.#fraction)) {
      this.#seconds = seconds;
      this.#fraction = unsigned;
    } else {
      this.#fraction += 4;
      if (this.#fraction > 0xffff_fffc) {
        this.#fraction = 0;
        this.#seconds += 1;
      }
    }
    // Two words in the machine's byte order; all platforms that Node supports are little-endian.
    this.#words[0] = this.#fraction + (kind === 'answer' ? 1 : 3);
    this.#words[1] = this.#seconds;
    return this.#id[0]!;
  }
}
