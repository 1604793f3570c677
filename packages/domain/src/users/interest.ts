import type { Clock } from '@aerogram/runtime';

/** At most this many sessions' owners learn of one change (STORAGE-RULES 15). */
const MAX_VIEWERS = 500;
const MAX_TARGETS = 50_000;
/** Who has not been shown the user for this long is not told of changes. */
const KEPT_S = 15 * 60;

/** Who was lately shown which user: they are told of changes of status and name. Lost with the node, by design. */
export class Interest {
  readonly #clock: Clock;
  readonly #viewers = new Map<bigint, Map<bigint, number>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes that `viewerId` was shown `targetId`. */
  note(viewerId: bigint, targetId: bigint): void {
    if (viewerId === targetId) return;
    const viewers = this.#viewers.get(targetId) ?? new Map<bigint, number>();
    this.#viewers.delete(targetId);
    this.#viewers.set(targetId, viewers);
    viewers.delete(viewerId);
    viewers.set(viewerId, this.#clock.now());
    if (viewers.size > MAX_VIEWERS) dropOldest(viewers);
    if (this.#viewers.size > MAX_TARGETS) dropOldest(this.#viewers);
  }

  /** Those who were shown `targetId` lately. */
  listViewers(targetId: bigint): bigint[] {
    const since = this.#clock.now() - KEPT_S;
    const viewers = this.#viewers.get(targetId);
    if (!viewers) return [];
    for (const [viewerId, date] of viewers) if (date < since) viewers.delete(viewerId);
    return [...viewers.keys()];
  }
}

function dropOldest<K>(map: Map<K, unknown>): void {
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
