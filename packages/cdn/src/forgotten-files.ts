import { MAX_TOKEN_S, TOKEN_S } from '@aerogram/cdn-protocol';

/** By how much the clocks of the origin and the node may differ, in seconds. */
const MAX_SKEW_S = 60;

/** Remembers the files that must not be served any more, until no token for them can be valid. */
export class ForgottenFiles {
  readonly #most: number;
  /** File id → when its last token expires, in Unix seconds; soonest first. */
  readonly #until = new Map<string, number>();
  /** Tokens that expire at this date or earlier are refused, whatever their file. */
  #floor = 0;

  /** @param most number of files to remember; when there are more, the tokens of all files that were made before are refused instead */
  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#until.size;
  }

  /** @param now Unix seconds */
  add(file: string, now: number): void {
    this.#until.delete(file);
    this.#until.set(file, now + MAX_TOKEN_S);
    for (const [oldest, until] of this.#until) {
      if (until > now && this.#until.size <= this.#most) break;
      this.#until.delete(oldest);
      // No token that is made from now on ends so soon, except in the first minute.
      if (until > now) this.#floor = Math.max(this.#floor, until - MAX_TOKEN_S + TOKEN_S + MAX_SKEW_S);
    }
  }

  /** Whether a token may be served. @param expires_date of the token */
  allows(file: string, expires_date: number): boolean {
    return expires_date > this.#floor && expires_date > (this.#until.get(file) ?? 0);
  }

  /** Whether the file was forgotten, so that nothing of it may be pushed either. @param now Unix seconds */
  has(file: string, now: number): boolean {
    return (this.#until.get(file) ?? 0) > now;
  }
}
