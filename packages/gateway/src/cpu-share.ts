/** Of a core, what one connection may have at any time. More than clients need, and little enough that a few do not have all. */
const SHARE = 0.1;
/** What may be saved up, and owed, in milliseconds of work. */
const MOST_MS = 10;
/** What answers may make it owe. They are charged afterwards, and a client that asked for many had them begun at once. */
const MOST_OWED_MS = 250;
/** Reading an answer from the database, encoding and packing it takes a millisecond for so many bytes. */
const ANSWER_BYTES_OF_MS = 100 * 1024;
/** So long one connection may work at a stretch. */
const SLICE_MS = 4;

/** One for all: there is a share for each connection. */
const systemNowMs = (): number => performance.now();

/**
 * The time that one connection may cost before its work is put off to turns shared by all that are so dear.
 * What a packet costs no limit of bytes can tell: a kilobyte may unpack to a megabyte, or ask a thousand things.
 */
export class CpuShare {
  readonly #nowMs: () => number;
  #leftMs = MOST_MS;
  #leftAtMs = 0;
  #beganMs = 0;

  constructor(nowMs = systemNowMs) {
    this.#nowMs = nowMs;
  }

  /** Whether the share has been used up. */
  get isSpent(): boolean {
    const nowMs = this.#nowMs();
    this.#leftMs = Math.min(MOST_MS, this.#leftMs + (nowMs - this.#leftAtMs) * SHARE);
    this.#leftAtMs = nowMs;
    return this.#leftMs <= 0;
  }

  /** Whether work that has begun may go on at once. */
  get hasTime(): boolean {
    return this.#nowMs() - this.#beganMs < SLICE_MS;
  }

  /** Work begins; `end` must follow. */
  begin(): void {
    this.#beganMs = this.#nowMs();
  }

  end(): void {
    // What answers made it owe is not forgiven for work.
    this.#leftMs = Math.max(Math.min(-MOST_MS, this.#leftMs), this.#leftMs - (this.#nowMs() - this.#beganMs));
  }

  /** Takes what an answer of so many bytes has cost. */
  chargeAnswer(bytes: number): void {
    this.#leftMs = Math.max(-MOST_OWED_MS, this.#leftMs - bytes / ANSWER_BYTES_OF_MS);
  }
}
