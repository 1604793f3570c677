import type { ClusterView, NodeRow } from './node-store.ts';
import { STALE_MS } from './node-times.ts';

/** So many renewals of the watcher must have come back, so that a database that answers again gives everybody time to renew. */
const RENEWALS = 6;

interface Seen {
  token: bigint;
  untilMs: bigint;
  sinceMs: number;
  renewals: number;
}

/**
 * Finds the nodes whose lease has run out. The database's clock alone does not say: a promoted standby has another, so the watcher's own clock, which never jumps,
 * must agree. If the database's clock was set back, the watcher's decides after a longer time.
 */
export class LossWatch {
  readonly #self: string;
  readonly #leaseMs: number;
  readonly #seen = new Map<string, Seen>();

  constructor(self: string, leaseMs: number) {
    this.#self = self;
    this.#leaseMs = leaseMs;
  }

  /** Takes what a renewal has read. @param nowMs when it came back, by `monotonicMs` @returns those that are lost */
  look({ nodes, databaseMs }: Pick<ClusterView, 'nodes' | 'databaseMs'>, nowMs: number): NodeRow[] {
    const others = nodes.filter(({ name }) => name !== this.#self);
    for (const name of this.#seen.keys()) if (!others.some((row) => row.name === name)) this.#seen.delete(name);
    return others.filter((row) => this.#isLost(row, databaseMs, nowMs));
  }

  /** A renewal did not come back: what was seen before counts no more. */
  reset(): void {
    this.#seen.clear();
  }

  #isLost({ name, token, until_ms: untilMs }: NodeRow, databaseMs: number, nowMs: number): boolean {
    const seen = this.#seen.get(name);
    if (seen?.token !== token || seen.untilMs !== untilMs) {
      this.#seen.set(name, { token, untilMs, sinceMs: nowMs, renewals: 1 });
      return false;
    }
    seen.renewals += 1;
    const neededMs = Number(untilMs) <= databaseMs ? this.#leaseMs : Math.max(STALE_MS, this.#leaseMs);
    return seen.renewals >= RENEWALS && nowMs - seen.sinceMs >= neededMs;
  }
}
