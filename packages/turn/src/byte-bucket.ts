/** A token bucket of bytes for one direction of one allocation. */
export class ByteBucket {
  readonly #perMs: number;
  readonly #most: number;
  #left: number;
  #atMs: number;

  /** @param bytesPerSecond also how many bytes may come at once */
  constructor(bytesPerSecond: number, nowMs: number) {
    this.#perMs = bytesPerSecond / 1000;
    this.#most = bytesPerSecond;
    this.#left = bytesPerSecond;
    this.#atMs = nowMs;
  }

  /** Takes the bytes of a packet. @returns false if there are not enough; nothing is taken then */
  take(bytes: number, nowMs: number): boolean {
    if (nowMs > this.#atMs) {
      this.#left = Math.min(this.#most, this.#left + (nowMs - this.#atMs) * this.#perMs);
      this.#atMs = nowMs;
    }
    if (this.#left < bytes) return false;
    this.#left -= bytes;
    return true;
  }
}
