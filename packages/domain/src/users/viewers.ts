/** Minutes are told apart by so many; more than any viewer is remembered for. */
const MINUTES = 64;

/**
 * To whom one user was shown, and in which minute last. There are a hundred of these pairs for each user who is online, so each is one number:
 * ids of users have 40 bits, the minute takes six, and a number holds 53. In a map each would take five times as much.
 */
export class Viewers {
  /** Of the newest of them. */
  lastMinute = 0;
  /** The id of the viewer times 64, and the minute modulo 64; oldest first, none as much as 64 minutes older than the newest. */
  #pairs: number[] = [];

  get count(): number {
    return this.#pairs.length;
  }

  /** @returns false when it was noted in this minute already */
  note(viewerId: bigint, minute: number): boolean {
    // A clock that was set back changes nothing.
    const now = Math.max(minute, this.lastMinute);
    const first = Number(viewerId) * MINUTES;
    const pair = first + (now % MINUTES);
    const pairs = this.#pairs;
    let at = pairs.length - 1;
    while (at >= 0 && (pairs[at]! < first || pairs[at]! >= first + MINUTES)) at--;
    if (at >= 0 && pairs[at] === pair && now === this.lastMinute) return false;
    if (at >= 0) pairs.splice(at, 1);
    // What could not be told from the newest by its minute.
    this.forget(now - MINUTES + 1, pairs.length);
    this.lastMinute = now;
    // An array that is pushed to takes room for seventeen at once, and most users are shown to few.
    if (pairs.length === 0) this.#pairs = [pair];
    else pairs.push(pair);
    return true;
  }

  /** Forgets those of before a minute, and the oldest beyond `most`. */
  forget(sinceMinute: number, most: number): void {
    const gone = Math.max(this.#countBefore(sinceMinute), this.#pairs.length - most);
    if (gone > 0) this.#pairs.splice(0, gone);
  }

  /** Those who were shown the user in this minute or later; oldest first. */
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
