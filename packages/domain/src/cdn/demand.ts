import { type Clock, ExpiringMap } from '@aerogram/runtime';

const MINUTE_S = 60;
/** Keys that are counted at once; beyond it, those that began first are forgotten. */
const COUNTED_MAX = 20_000;

/** Counts requests within a minute, for many keys. */
export class MinuteCounts {
  readonly #counts: ExpiringMap<string, { count: number }>;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#counts = new ExpiringMap({ most: COUNTED_MAX, ageS: MINUTE_S }, clock);
  }

  /** Counts a request. @returns how many there were since the minute of this key began, this one included */
  add(key: string): number {
    const known = this.#counts.get(key);
    if (known !== undefined) return ++known.count;
    this.#counts.set(key, { count: 1 });
    return 1;
  }
}

/** How long a file that was in demand counts as popular, in seconds: requests that nodes answer are not seen here. */
const POPULAR_S = 600;

/** Finds the files that many ask for. */
export class Demand {
  readonly #counts: MinuteCounts;
  readonly #popular: ExpiringMap<string, true>;
  readonly #minRequests: number;

  /** @param minRequests in a minute; 0: nothing is ever in demand */
  constructor(clock: Pick<Clock, 'now'>, minRequests: number) {
    this.#counts = new MinuteCounts(clock);
    this.#popular = new ExpiringMap({ most: COUNTED_MAX, ageS: POPULAR_S }, clock);
    this.#minRequests = minRequests;
  }

  /** Counts a request for a file. @returns whether it is in demand now */
  note(file: string): boolean {
    if (this.#minRequests === 0) return false;
    if (this.#counts.add(file) >= this.#minRequests) this.#popular.set(file, true);
    return this.#popular.get(file) === true;
  }
}
