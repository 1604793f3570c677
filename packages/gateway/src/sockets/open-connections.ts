import type { Watched } from './watched.ts';

/** At most this many connections are checked per timer tick … */
const PER_TICK = 2048;
/** … or, if there are more, as many as needed to check all of them within this many ticks. */
const TICKS = 8;

/**
 * The open and closing connections, which a timer checks in portions. Checking many thousands of connections in every tick would exceed the
 * processor's cache. Their time limits are many seconds, so on a full server a limit may be exceeded by a few seconds.
 */
export class OpenConnections extends Set<Watched> {
  // A set's iterator also visits entries added later and skips deleted ones, so it can be kept from tick to tick.
  #round = this.values();

  /** Called on each timer tick: checks the next portion of the connections and closes those that exceed a time limit. */
  watch(nowMs: number): void {
    const due = Math.min(this.size, Math.max(PER_TICK, Math.ceil(this.size / TICKS)));
    for (let looked = 0; looked < due; looked++) this.#next()?.watch(nowMs);
  }

  #next(): Watched | undefined {
    const next = this.#round.next();
    if (next.done !== true) return next.value;
    this.#round = this.values();
    return this.#round.next().value;
  }
}
