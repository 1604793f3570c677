/** Minutes are stored modulo this number, which exceeds the number of minutes that a viewer is remembered for. */
const MINUTES = 64;

/**
 * The viewers who were shown one user, with the last minute of each. There are about a hundred such pairs per online user, so each pair is
 * packed into one number: a user id has 40 bits, the minute takes 6, and a double holds integers of 53 bits. Map entries would take five
 * times the memory.
 */
export class Viewers {
  /** The minute of the newest pair. */
  lastMinute = 0;
  /** Each pair is the viewer's id × 64 + the minute modulo 64. Oldest first; every pair is less than 64 minutes older than the newest. */
  #pairs: number[] = [];

  get count(): number {
    return this.#pairs.length;
  }

  /**
   * Records that a viewer was shown the user.
   * @returns false if it was already recorded for this minute
   */
  note(viewerId: bigint, minute: number): boolean {
    // A clock that was set back must not make minutes decrease.
    const now = Math.max(minute, this.lastMinute);
    const first = Number(viewerId) * MINUTES;
    const pair = first + (now % MINUTES);
    const pairs = this.#pairs;
    let at = pairs.length - 1;
    while (at >= 0 && (pairs[at]! < first || pairs[at]! >= first + MINUTES)) at--;
    if (at >= 0 && pairs[at] === pair && now === this.lastMinute) return false;
    if (at >= 0) pairs.splice(at, 1);
    // Pairs 64 minutes old or more could no longer be told apart from the newest.
    this.forget(now - MINUTES + 1, pairs.length);
    this.lastMinute = now;
    // `push` on an empty array allocates room for 17 elements, and most users have few viewers.
    if (pairs.length === 0) this.#pairs = [pair];
    else pairs.push(pair);
    return true;
  }

  /** Forgets pairs from before `sinceMinute`, and the oldest ones beyond `most`. */
  forget(sinceMinute: number, most: number): void {
    const gone = Math.max(this.#countBefore(sinceMinute), this.#pairs.length - most);
    if (gone > 0) this.#pairs.splice(0, gone);
  }

  /** Lists the viewers who were shown the user in this minute or later, oldest first. */
  listSince(minute: number): bigint[] {
    return this.#pairs.slice(this.#countBefore(minute)).map((pair) => BigInt(Math.floor(pair / MINUTES)));
  }

  #countBefore(minute: number): number {
    let count = 0;
    while (count < this.#pairs.length && this.#minuteOf(this.#pairs[count]!) < minute) count++;
    return count;
  }

  #minuteOf(pair: number): number {
    return this.lastMinute - ((((this.lastMinute - pair) % MINUTES) + MINUTES) % MINUTES);
  }
}
