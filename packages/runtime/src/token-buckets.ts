import type { Clock } from './clock.ts';
import { RecentMap } from './recent-map.ts';

/** Size and refill of a token bucket. */
export interface TokenBucketLimits {
  /** Tokens that can be spent at once. */
  capacity: number;
  tokensPerSecond: number;
  /**
   * Maximum number of buckets. Roughly the least recently used ones are dropped, which only helps their owners. No bucket is dropped before
   * half as many other owners have used theirs after it.
   */
  maxBuckets: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Token buckets by owner, in memory; FLOOD_WAIT_%d is computed from them. */
export class TokenBuckets {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #limits: TokenBucketLimits;
  readonly #buckets: RecentMap<string, Bucket>;

  constructor(clock: Pick<Clock, 'monotonicMs'>, limits: TokenBucketLimits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#buckets = new RecentMap(limits.maxBuckets);
  }

  /**
   * Takes `cost` tokens from the bucket of `owner`, or its capacity if that is less.
   * @returns 0 if there were enough, otherwise the seconds to wait; nothing is taken then
   */
  take(owner: string, cost: number): number {
    const { capacity, tokensPerSecond } = this.#limits;
    const bucket = this.#bucketOf(owner);
    const wanted = Math.min(cost, capacity);
    if (bucket.tokens < wanted) return Math.max(1, Math.ceil((wanted - bucket.tokens) / tokensPerSecond));
    bucket.tokens -= wanted;
    return 0;
  }

  /**
   * Takes as many whole tokens as there are, `most` at most, if there are at least `least`.
   * @returns how many were taken, and how many tokens are left
   */
  takeSome(owner: string, { least, most }: { least: number; most: number }): { taken: number; left: number } {
    const bucket = this.#bucketOf(owner);
    const taken = bucket.tokens < least ? 0 : Math.max(0, Math.floor(Math.min(most, bucket.tokens)));
    bucket.tokens -= taken;
    return { taken, left: bucket.tokens };
  }

  /** Puts tokens back that were taken and not used; more than the capacity is lost. */
  giveBack(owner: string, count: number): void {
    const bucket = this.#bucketOf(owner);
    bucket.tokens = Math.min(this.#limits.capacity, bucket.tokens + count);
  }

  /** Takes an additional cost that became known afterwards; the bucket may go negative, down to minus its capacity. */
  charge(owner: string, cost: number): void {
    const bucket = this.#bucketOf(owner);
    bucket.tokens = Math.max(-this.#limits.capacity, bucket.tokens - cost);
  }

  /** Tokens that are missing from the bucket of `owner`: what it has spent and not got back yet. */
  spent(owner: string): number {
    return this.#limits.capacity - this.#bucketOf(owner).tokens;
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
