/** Limits of one call that a session repeats with the same bytes. */
export interface RepeatLimits {
  /** Repetitions allowed in one burst … */
  capacity: number;
  /** … and per second all the time. A client that polls stays far below this. */
  perSecond: number;
  /** Number of repeated calls that are distinguished, a power of two. If there are more, some are treated as new calls. */
  slots: number;
}

export const DEFAULT_REPEAT_LIMITS: RepeatLimits = { capacity: 150, perSecond: 20, slots: 65_536 };

/** Longer requests are not checked: sending them limits how many a client can make. */
const MAX_BYTES = 4096;
/** Each refusal doubles the cost of the call, up to 2^8 times … */
const MAX_DOUBLINGS = 8;
/** … and each period without a refusal halves it again, in milliseconds. */
const HALVING_MS = 30_000;

/** Start value of the hash for a session; sessions with the same value share their allowance. */
export type RepeatSeed = number;

/**
 * Makes a call more and more expensive while a session repeats it with the same bytes dozens of times a second, as a client in a runaway
 * loop does. Each repeated call has its own allowance, so other calls of the user are not affected.
 *
 * All sessions share one table of fixed size, indexed by a hash of session and request, which takes a fraction of a microsecond per call. A
 * call whose slot is taken by another one starts from zero.
 */
export class RepeatedCalls {
  readonly #limits: RepeatLimits;
  readonly #tags: Uint32Array;
  readonly #left: Float32Array;
  /** The time for which `#left` was computed, in milliseconds. */
  readonly #atMs: Float64Array;
  readonly #doublings: Uint8Array;
  readonly #refusedMs: Float64Array;
  /** Tag computed by the last call of `#hash`. */
  #tag = 0;

  constructor(limits: RepeatLimits) {
    const { slots } = limits;
    this.#limits = limits;
    this.#tags = new Uint32Array(slots);
    this.#left = new Float32Array(slots);
    this.#atMs = new Float64Array(slots);
    this.#doublings = new Uint8Array(slots);
    this.#refusedMs = new Float64Array(slots);
  }

  /**
   * Counts a call.
   * @param nowMs of a monotonic clock
   * @returns 0 if it may run, otherwise the seconds to wait
   */
  take(seed: RepeatSeed, body: Uint8Array, nowMs: number): number {
    if (body.length > MAX_BYTES) return 0;
    const { capacity, perSecond, slots } = this.#limits;
    const slot = this.#hash(seed, body) & (slots - 1);
    if (this.#tags[slot] !== this.#tag) {
      this.#tags[slot] = this.#tag;
      this.#left[slot] = capacity - 1;
      this.#atMs[slot] = nowMs;
      this.#doublings[slot] = 0;
      return 0;
    }
    const left = Math.min(capacity, this.#left[slot]! + ((nowMs - this.#atMs[slot]!) / 1000) * perSecond);
    this.#atMs[slot] = nowMs;
    const cost = Math.min(2 ** this.#currentDoublings(slot, nowMs), capacity);
    if (left >= cost) {
      this.#left[slot] = left - cost;
      return 0;
    }
    this.#left[slot] = left;
    const doublings = Math.min(this.#currentDoublings(slot, nowMs) + 1, MAX_DOUBLINGS);
    this.#doublings[slot] = doublings;
    this.#refusedMs[slot] = nowMs;
    return Math.max(1, Math.ceil((Math.min(2 ** doublings, capacity) - left) / perSecond));
  }

  #currentDoublings(slot: number, nowMs: number): number {
    const doublings = this.#doublings[slot]!;
    return doublings === 0 ? 0 : Math.max(0, doublings - Math.floor((nowMs - this.#refusedMs[slot]!) / HALVING_MS));
  }

  /**
   * Computes two hashes of a request in one pass, by multiplication and rotation: one selects the slot, the other is the tag stored in it.
   */
  #hash(seed: RepeatSeed, body: Uint8Array): number {
    let place = seed ^ body.length;
    let tag = Math.imul(seed, 0x9e3779b1) ^ 0x85ebca6b;
    for (let at = 0; at < body.length; at += 4) {
      const word = body[at]! | (body[at + 1]! << 8) | (body[at + 2]! << 16) | (body[at + 3]! << 24);
      place = Math.imul(place ^ word, 0x01000193);
      place ^= place >>> 15;
      tag = Math.imul((tag << 13) | (tag >>> 19), 5) + word;
      tag = Math.imul(tag, 0xcc9e2d51) | 0;
    }
    tag ^= tag >>> 16;
    // 0 is the tag of an empty slot.
    this.#tag = (tag | 1) >>> 0;
    return place ^ (place >>> 13);
  }
}
