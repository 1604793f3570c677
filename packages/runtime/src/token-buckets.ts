import type { Clock } from './clock.ts';
import { RecentMap } from './recent-map.ts';

/** Size and refill of a token bucket. */
export interface TokenBucketLimits {
  /** Tokens that may be spent at once. */
  capacity: number;
  tokensPerSecond: number;
  /**
   * Buckets kept; about the longest unused ones go first, which only helps their owners: no bucket goes before half as many other owners
   * have used theirs after it.
   */
  maxBuckets: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Token buckets by whom they belong to, in memory: what FLOOD_WAIT_%d is made from. */
export class TokenBuckets {
  readonly #clock: Clock;
  readonly #limits: TokenBucketLimits;
  readonly #buckets: RecentMap<string, Bucket>;

  constructor(clock: Clock, limits: TokenBucketLimits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#buckets = new RecentMap(limits.maxBuckets);
  }

  /**
   * Takes `cost` tokens from the bucket of `owner`; all it can hold, where that is less.
   * @returns 0 when there were enough, else the seconds to wait; then nothing was taken
   */
  take(owner: string, cost: number): number {
    const { capacity, tokensPerSecond } = this.#limits;
    const bucket = this.#bucketOf(owner);
    const wanted = Math.min(cost, capacity);
    if (bucket.tokens < wanted) return Math.max(1, Math.ceil((wanted - bucket.tokens) / tokensPerSecond));
    bucket.tokens -= wanted;
    return 0;
  }

  /** Takes what something has cost beyond what was taken before it; the bucket may come to owe as much as it can hold. */
  charge(owner: string, cost: number): void {
    const bucket = this.#bucketOf(owner);
    bucket.tokens = Math.max(-this.#limits.capacity, bucket.tokens - cost);
  }

  #bucketOf(owner: string): Bucket {
    const { capacity, tokensPerSecond } = this.#limits;
    const nowMs = this.#clock.monotonicMs();
    const known = this.#buckets.get(owner);
    const bucket = known ?? { tokens: capacity, atMs: nowMs };
    if (!known) this.#buckets.set(owner, bucket);
    bucket.tokens = Math.min(capacity, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * tokensPerSecond);
    bucket.atMs = nowMs;
    return bucket;
  }
}
