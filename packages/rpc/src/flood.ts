import type { Clock } from '@aerogram/runtime';

/** Size and refill of a caller's token bucket. */
export interface FloodLimits {
  /** Tokens that may be spent at once. */
  capacity: number;
  tokensPerSecond: number;
  /** Buckets kept; the longest unused ones go first, which only helps their owners. */
  maxBuckets: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Token buckets by caller: what FLOOD_WAIT_%d is made from. */
export class FloodBuckets {
  readonly #clock: Clock;
  readonly #limits: FloodLimits;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock, limits: FloodLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /**
   * Takes `cost` tokens from the bucket of `caller`.
   * @returns 0 when there were enough, else the seconds to wait; then nothing was taken
   */
  take(caller: string, cost: number): number {
    const { capacity, tokensPerSecond, maxBuckets } = this.#limits;
    const nowMs = this.#clock.monotonicMs();
    const bucket = this.#buckets.get(caller) ?? { tokens: capacity, atMs: nowMs };
    bucket.tokens = Math.min(capacity, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * tokensPerSecond);
    bucket.atMs = nowMs;
    // Re-inserted at the end: the map's order is the order of use.
    this.#buckets.delete(caller);
    this.#buckets.set(caller, bucket);
    if (this.#buckets.size > maxBuckets) {
      const oldest = this.#buckets.keys().next();
      if (!oldest.done) this.#buckets.delete(oldest.value);
    }
    if (bucket.tokens < cost) return Math.max(1, Math.ceil((cost - bucket.tokens) / tokensPerSecond));
    bucket.tokens -= cost;
    return 0;
  }
}
