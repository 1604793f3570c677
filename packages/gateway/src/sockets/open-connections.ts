import { type Clock, pause } from '@aerogram/runtime';
import type { Watched } from '../watched.ts';

/** At most this many connections are checked per timer tick … */
const PER_TICK = 2048;
/** … or, if there are more, as many as needed to check all of them within this many ticks. */
const TICKS = 8;

/** Clients of a node that ends come back to other nodes until this time is over, in milliseconds, one after the other so that these are not stormed. */
export const LEAVING_MS = 20_000;

/** A proxy that asks each second notices within this time that a node takes no more connections, in milliseconds. Before, clients would come back to the same node. */
export const NOTICED_MS = 2_000;
/** Fewer connections than fill that time are closed at this pace, in milliseconds. */
const PACE_MS = 20;

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

  /** Closes the connections one after the other, as soon as clients find another node. @param signal aborts it */
  async closeGradually(clock: Clock, signal: AbortSignal): Promise<void> {
    if (this.size > 0) await pause(clock, NOTICED_MS, signal);
    const leaving = Array.from(this);
    const paceMs = Math.min(PACE_MS, (LEAVING_MS - NOTICED_MS) / leaving.length);
    const startedMs = clock.monotonicMs();
    for (const [at, connection] of leaving.entries()) {
      const aheadMs = at * paceMs - (clock.monotonicMs() - startedMs);
      // Timers are not finer than a millisecond: several are closed at once then.
      if (aheadMs >= 1) await pause(clock, aheadMs, signal);
      if (signal.aborted) return;
      connection.close('shutdown', { end: true });
    }
  }

  #next(): Watched | undefined {
    const next = this.#round.next();
    if (next.done !== true) return next.value;
    this.#round = this.values();
    return this.#round.next().value;
  }
}
