/** Requests of one connection that may be under way at once … */
const MAX_REQUESTS = 256;
/** … and what they may hold: eight parts of a file, the longest there are. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The requests of one connection that are not answered yet. */
export class RequestLoad {
  #requests = 0;
  #bytes = 0;

  /** Whether there are so many that no more are read. */
  get isFull(): boolean {
    return this.#requests >= MAX_REQUESTS || this.#bytes >= MAX_BYTES;
  }

  /** A request came (+1) or was answered (−1). */
  count(change: 1 | -1, bytes: number): void {
    this.#requests += change;
    this.#bytes += change * bytes;
  }
}
