/** Bounds of one call that a session repeats with the same bytes. */
export interface RepeatLimits {
  /** Repetitions that may come at once … */
  capacity: number;
  /** … and that may come all the time. A client that polls stays far below it. */
  perSecond: number;
  /** Repeated calls that are told apart, a power of two; of more, some are taken for new ones. */
  slots: number;
}

export const DEFAULT_REPEAT_LIMITS: RepeatLimits = { capacity: 150, perSecond: 20, slots: 65_536 };

/** Longer requests are not looked at: what they cost is bounded by what sending them costs. */
const MAX_BYTES = 4096;
/** A refused call costs twice as much from then on, up to 2^8 times … */
const MAX_DOUBLINGS = 8;
/** … and half as much again after each period in which it was not refused. */
const HALVING_MS = 30_000;

/** Where the hash of a session begins; sessions that share one share their allowance as well. */
export type RepeatSeed = number;

/**
 * Makes a call cost ever more while a session repeats it with the same bytes dozens of times a second, as clients do whose loop
 * goes wrong. Each repeated call has an allowance of its own, so the rest of what its user does is not touched.
 *
 * It is one table of fixed size for all sessions, indexed by a hash of session and request, and costs a fraction of a microsecond
 * a call. A call that finds its place taken by another one begins anew.
 */
export class RepeatedCalls {
  readonly #limits: RepeatLimits;
  readonly #tags: Uint32Array;
  readonly #left: Float32Array;
  /** When `#left` held, in milliseconds. */
  readonly #atMs: Float64Array;
  readonly #doublings: Uint8Array;
  readonly #refusedMs: Float64Array;
  /** Of the last `#hash`. */
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
   * @param nowMs of a clock that is never set back
   * @returns 0 when it may run, else the seconds to wait
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

  /** Two hashes of a request in one pass, by multiplication and rotation; one says where to look and the other what to find there. */
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
    // 0 is the tag of an empty place.
    this.#tag = (tag | 1) >>> 0;
    return place ^ (place >>> 13);
  }
}
