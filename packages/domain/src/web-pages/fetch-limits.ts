import { type Clock, TokenBuckets } from '@aerogram/runtime';

/** Pages that one user may have read which this server does not know yet: bursts of thirty, then one in five seconds. */
const BY_USER = { capacity: 30, tokensPerSecond: 0.2, maxBuckets: 100_000 };
/** Pages that one site is asked for, whoever wants them: nobody is to be flooded through this server. */
const BY_SITE = { capacity: 120, tokensPerSecond: 2, maxBuckets: 100_000 };

/** How many pages may still be fetched. Kept in memory, by each process. */
export class FetchLimits {
  readonly #ofUsers: TokenBuckets;
  readonly #ofSites: TokenBuckets;

  constructor(clock: Clock) {
    this.#ofUsers = new TokenBuckets(clock, BY_USER);
    this.#ofSites = new TokenBuckets(clock, BY_SITE);
  }

  /** Takes the fetching of one normal URL. @returns false where the user or the site has had enough just now */
  take(readerId: bigint, url: string): boolean {
    return this.#ofUsers.take(String(readerId), 1) === 0 && this.#ofSites.take(new URL(url).hostname, 1) === 0;
  }
}
