/** A batch that waited longer than this for its locks had someone in it whom others write to as well. */
const SLOW_LOCK_MS = 5;
/** A lane in this many slow batches within the window is hot: chance company in a batch is seldom met twice. */
const STRIKES = 3;
const WINDOW_MS = 1000;
/** A hot lane that was not slow for this long is an ordinary one again. */
const COOLING_MS = 10_000;
/** Lanes kept count of at a time. */
const MAX_TRACKED = 1024;

interface Record {
  strikes: number;
  firstMs: number;
  lastMs: number;
}

/** Finds the lanes whose locks are slow, so that they are committed apart and nobody else waits for them. */
export class HotLanes {
  readonly #records = new Map<bigint, Record>();

  /** Takes note of how long a batch with these lanes waited for its locks. */
  observe(lanes: Iterable<bigint>, lockWaitMs: number, nowMs: number): void {
    if (lockWaitMs <= SLOW_LOCK_MS) return;
    for (const lane of lanes) {
      const known = this.#records.get(lane);
      this.#records.delete(lane);
      const isContinued = known && (known.strikes >= STRIKES || nowMs - known.firstMs <= WINDOW_MS);
      this.#records.set(
        lane,
        isContinued
          ? { ...known, strikes: known.strikes + 1, lastMs: nowMs }
          : { strikes: 1, firstMs: nowMs, lastMs: nowMs },
      );
    }
    for (const oldest of this.#records.keys()) {
      if (this.#records.size <= MAX_TRACKED) break;
      this.#records.delete(oldest);
    }
  }

  /** Whether the lane is to be committed apart. */
  isHot(lane: bigint, nowMs: number): boolean {
    const record = this.#records.get(lane);
    if (record === undefined || record.strikes < STRIKES) return false;
    if (nowMs - record.lastMs <= COOLING_MS) return true;
    this.#records.delete(lane);
    return false;
  }
}
