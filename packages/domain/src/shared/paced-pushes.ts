import type { Clock, Logger } from '@aerogram/runtime';

import { WriteBehindBuffer } from './write-behind-buffer.ts';

/** Nobody is told more often than this about one thing, in milliseconds. */
export const TICK_MS = 1000;
/** Where there are more people it is rarer: by one second for each of these. */
const PEOPLE_PER_S = 1000;
/** Never rarer than this, in milliseconds. */
const RAREST_MS = 30_000;
/** Maximum number of things that wait; beyond it, nobody is told of further ones before asking. */
const WAITING_MAX = 10_000;

/** How long to wait between two pushes about one thing that so many people see, in milliseconds. Pure. */
export function pauseFor(people: number): number {
  return Math.min(TICK_MS + Math.floor(people / PEOPLE_PER_S) * 1000, RAREST_MS);
}

/** What is pushed. */
export interface PacedPushesOptions<K, V> {
  /** Names the data in the log when a push fails. */
  what: string;
  /** Tells about these things. @returns after how many milliseconds all may be told of a thing again; for those that are absent it is the next tick */
  push(batch: ReadonlyMap<K, V>): Promise<ReadonlyMap<K, number>>;
}

/**
 * Tells of things that change often, each at most once a tick. Ticks are the full seconds of the clock, in all processes alike, so that the time of a push does not tell when
 * something has changed. What is noted meanwhile is told at the next tick.
 */
export class PacedPushes<K, V> implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #options: PacedPushesOptions<K, V>;
  readonly #noted: WriteBehindBuffer<K, V>;
  /** When all may be told of a thing again, in milliseconds. */
  readonly #due = new Map<K, number>();
  #isClosed = false;

  constructor(deps: { clock: Clock; log: Logger }, options: PacedPushesOptions<K, V>) {
    this.#clock = deps.clock;
    this.#options = options;
    const delayMs = (): number => TICK_MS - (deps.clock.nowMs() % TICK_MS);
    this.#noted = new WriteBehindBuffer(deps, { what: options.what, delayMs, max: WAITING_MAX, write: (batch) => this.#push(batch) });
  }

  /** Notes that something has changed. Called after the commit. */
  note(key: K, value: V): void {
    if (!this.#isClosed) this.#noted.set(key, value);
  }

  /** Tells what was noted and is due now. Called by the timer and by tests. */
  flush(): Promise<void> {
    return this.#noted.flush();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    return this.flush();
  }

  async #push(batch: ReadonlyMap<K, V>): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    for (const [key, dueMs] of this.#due) if (dueMs <= nowMs) this.#due.delete(key);
    // What is not due yet is noted again for a later tick.
    for (const [key, value] of batch) if (this.#due.has(key)) this.note(key, this.#noted.get(key) ?? value);
    const due = new Map([...batch].filter(([key]) => !this.#due.has(key)));
    if (due.size === 0) return;
    for (const [key, pauseMs] of await this.#options.push(due)) if (pauseMs > TICK_MS) this.#due.set(key, this.#clock.monotonicMs() + pauseMs);
  }
}
