import type { Clock } from '@aerogram/runtime';

/** At most this many sessions' owners learn of one change (STORAGE-RULES 15). */
const MAX_VIEWERS = 500;
const MAX_ENTRIES = 1_000_000;
/** So many go together when there are too many: to find the oldest one in a map from which many went costs as much as to find all. */
const DROPPED_ENTRIES = MAX_ENTRIES / 16;
/** Who has not been shown the user for this long is not told of changes. */
const KEPT_S = 15 * 60;
/** An entry younger than this is as good as new: lists of thousands of people are read again and again. */
const RENEWED_S = 60;
const SWEEP_EVERY_S = 60;

/** To whom one user was shown. */
interface Shown {
  /** With the date, oldest first. */
  viewers: Map<bigint, number>;
  lastDate: number;
}

/** Who was lately shown which user: they are told of changes of status and name. Lost with the node, by design. */
export class Interest {
  readonly #clock: Clock;
  /** By who was shown; whoever was shown to nobody for longest is first. */
  readonly #shown = new Map<bigint, Shown>();
  #entries = 0;
  #sweptDate = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Pairs that are remembered: those of the last quarter of an hour, and few older ones. */
  get size(): number {
    return this.#entries;
  }

  /** Notes that `viewerId` was shown `targetId`. */
  note(viewerId: bigint, targetId: bigint): void {
    if (viewerId === targetId) return;
    const now = this.#clock.now();
    if (Math.abs(now - this.#sweptDate) >= SWEEP_EVERY_S) this.#sweep(now);
    const shown = this.#shown.get(targetId) ?? { viewers: new Map<bigint, number>(), lastDate: now };
    const { viewers } = shown;
    if (now - (viewers.get(viewerId) ?? 0) < RENEWED_S) return;
    shown.lastDate = now;
    this.#shown.delete(targetId);
    this.#shown.set(targetId, shown);
    if (!viewers.delete(viewerId)) this.#entries++;
    viewers.set(viewerId, now);
    this.#dropViewers(viewers, now - KEPT_S);
    if (this.#entries > MAX_ENTRIES) this.#dropShown(0, MAX_ENTRIES - DROPPED_ENTRIES);
  }

  /** Those who were shown `targetId` lately. */
  listViewers(targetId: bigint): bigint[] {
    const viewers = this.#shown.get(targetId)?.viewers;
    if (!viewers) return [];
    this.#dropViewers(viewers, this.#clock.now() - KEPT_S);
    return [...viewers.keys()];
  }

  #sweep(now: number): void {
    this.#sweptDate = now;
    this.#dropShown(now - KEPT_S, MAX_ENTRIES);
  }

  /** Forgets viewers of before a date, and the oldest beyond as many as one user may have. */
  #dropViewers(viewers: Map<bigint, number>, sinceDate: number): void {
    for (const [viewerId, date] of viewers) {
      if (date >= sinceDate && viewers.size <= MAX_VIEWERS) return;
      viewers.delete(viewerId);
      this.#entries--;
    }
  }

  /** Forgets whom nobody was shown since a date, and the oldest ones until `most` entries are left. */
  #dropShown(sinceDate: number, most: number): void {
    for (const [targetId, { viewers, lastDate }] of this.#shown) {
      if (lastDate >= sinceDate && this.#entries <= most) return;
      this.#shown.delete(targetId);
      this.#entries -= viewers.size;
    }
  }
}
