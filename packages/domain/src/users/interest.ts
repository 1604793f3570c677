import type { Clock } from '@aerogram/runtime';

/** At most this many sessions' owners learn of one change (STORAGE-RULES 15). */
const MAX_VIEWERS = 500;
const MAX_ENTRIES = 1_000_000;
/** Who has not been shown the user for this long is not told of changes. */
const KEPT_S = 15 * 60;
/** An entry younger than this is as good as new: lists of thousands of people are read again and again. */
const RENEWED_S = 60;

/** Who was lately shown which user: they are told of changes of status and name. Lost with the node, by design. */
export class Interest {
  readonly #clock: Clock;
  readonly #viewers = new Map<bigint, Map<bigint, number>>();
  #entries = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes that `viewerId` was shown `targetId`. */
  note(viewerId: bigint, targetId: bigint): void {
    if (viewerId === targetId) return;
    const viewers = this.#viewers.get(targetId) ?? new Map<bigint, number>();
    const now = this.#clock.now();
    if (now - (viewers.get(viewerId) ?? 0) < RENEWED_S) return;
    this.#viewers.delete(targetId);
    this.#viewers.set(targetId, viewers);
    if (!viewers.delete(viewerId)) this.#entries++;
    viewers.set(viewerId, now);
    if (viewers.size > MAX_VIEWERS) {
      dropOldest(viewers);
      this.#entries--;
    }
    if (this.#entries > MAX_ENTRIES) this.#entries -= dropOldest(this.#viewers)?.size ?? 0;
  }

  /** Those who were shown `targetId` lately. */
  listViewers(targetId: bigint): bigint[] {
    const since = this.#clock.now() - KEPT_S;
    const viewers = this.#viewers.get(targetId);
    if (!viewers) return [];
    for (const [viewerId, date] of viewers) {
      if (date >= since) break;
      viewers.delete(viewerId);
      this.#entries--;
    }
    return [...viewers.keys()];
  }
}

function dropOldest<K, V>(map: Map<K, V>): V | undefined {
  const oldest = map.entries().next();
  if (oldest.done) return undefined;
  map.delete(oldest.value[0]);
  return oldest.value[1];
}
