/** Requests of one connection that may be open at once. */
const MAX_REQUESTS = 256;
/** Bytes that these may hold: eight parts of a file, which are the longest requests. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The requests of one connection that are not answered yet. */
export class RequestLoad {
  #requests = 0;
  #bytes = 0;

  /** Whether no more requests should be read until some are answered. */
  get isFull(): boolean {
    return this.#requests >= MAX_REQUESTS || this.#bytes >= MAX_BYTES;
  }

  /** Records that a request arrived (+1) or was answered (−1). */
  count(change: 1 | -1, bytes: number): void {
    this.#requests += change;
    this.#bytes += change * bytes;
  }
}
