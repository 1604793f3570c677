/** A batch that waited longer than this for its locks, in milliseconds, contained an owner to whom other processes write too. */
const SLOW_LOCK_MS = 5;
/** A lane that was in this many slow batches within {@link WINDOW_MS} is hot. A lane that was there by chance is seldom in several. */
const STRIKES = 3;
/** For how long the slow batches of a lane are counted, in milliseconds. */
const WINDOW_MS = 1000;
/** A hot lane that was not slow for this long is treated as an ordinary one again, in milliseconds. */
const COOLING_MS = 10_000;
/** Maximum number of lanes that are tracked. */
const MAX_TRACKED = 1024;

interface Record {
  strikes: number;
  firstMs: number;
  lastMs: number;
}

/** Finds the lanes whose locks are slow, so that they are committed separately and delay no other lane. */
export class HotLanes {
  readonly #records = new Map<bigint, Record>();

  /** Records how long a batch with these lanes waited for its locks. */
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

  /** Whether the lane must be committed separately. */
  isHot(lane: bigint, nowMs: number): boolean {
    const record = this.#records.get(lane);
    if (record === undefined || record.strikes < STRIKES) return false;
    if (nowMs - record.lastMs <= COOLING_MS) return true;
    this.#records.delete(lane);
    return false;
  }
}
