import { type Clock, systemClock, type TimerHandle } from '@aerogram/runtime';
import type { DueJobs } from '@aerogram/storage';

/** Real time plus what tests have added. */
export interface KitClock extends Clock {
  /**
   * Moves the time ahead, and runs what becomes due by it: jobs at the times that they are due for, timers in the order in which they are due. A timer that would
   * have fired many times fires once. Returns when what has become due is done, or after some seconds if it takes longer.
   *
   * @param ms ≥ 0
   * @throws RangeError if the time cannot be moved by that
   */
  move(ms: number): Promise<void>;
  /** Lets moves stop at the times that jobs are due for, and wait for the jobs. */
  follow(jobs: DueJobs): void;
}

/** The most that one move adds, in milliseconds: ten years. */
export const MOVE_MAX_MS = 10 * 365 * 86_400_000;

/** At how many times, for which jobs are due, one move stops. What is due later than the last of them is run at the end, all at once. */
const STOPS_MAX = 100;

/** How long one move waits for jobs, in milliseconds. */
const WAIT_MS = 20_000;

/** The longest delay that timers of Node.js can have, in milliseconds. */
const DELAY_MAX_MS = 2 ** 31 - 1;

interface KitTimer {
  /** By the monotonic clock of the kit. */
  dueMs: number;
  order: number;
  everyMs: number | undefined;
  fn: () => void;
  waiting?: TimerHandle;
}

/** Creates a clock that shows real time until it is moved. @param real replaced by tests */
export function createKitClock(real: Clock = systemClock): KitClock {
  return new MovedClock(real);
}

class MovedClock implements KitClock {
  readonly #real: Clock;
  readonly #timers = new Set<KitTimer>();
  #aheadMs = 0;
  #order = 0;
  #jobs: DueJobs | undefined;
  /** Ends with the newest move: moves are done one after the other. */
  #moving: Promise<void> = Promise.resolve();

  constructor(real: Clock) {
    this.#real = real;
  }

  nowMs(): number {
    return this.#real.nowMs() + this.#aheadMs;
  }

  now(): number {
    return Math.floor(this.nowMs() / 1000);
  }

  monotonicMs(): number {
    return this.#real.monotonicMs() + this.#aheadMs;
  }

  setTimeout(fn: () => void, ms: number): TimerHandle {
    return this.#add(fn, ms, undefined);
  }

  setInterval(fn: () => void, ms: number): TimerHandle {
    // As timers of Node.js do. An interval of nothing would fire for ever.
    return this.#add(fn, Math.max(1, ms), Math.max(1, ms));
  }

  follow(jobs: DueJobs): void {
    this.#jobs = jobs;
  }

  move(ms: number): Promise<void> {
    if (!(ms >= 0 && ms <= MOVE_MAX_MS)) throw new RangeError(`the time moves by 0 to ${MOVE_MAX_MS} milliseconds, not by ${ms}`);
    const moved = this.#moving.then(() => this.#move(ms));
    this.#moving = moved.catch(() => undefined);
    return moved;
  }

  async #move(ms: number): Promise<void> {
    const aheadMs = this.#aheadMs + ms;
    using deadline = this.#startDeadline();
    for (let stops = 0; stops < STOPS_MAX && !deadline.signal.aborted; stops++) {
      const nextMs = await this.#jobs?.findNextMs();
      if (nextMs === undefined || nextMs > this.#real.nowMs() + aheadMs) break;
      // Real time goes on meanwhile, so the job may be due already.
      this.#jump(nextMs - this.#real.nowMs());
      await this.#runDue(deadline.signal);
    }
    this.#jump(aheadMs);
    await this.#runDue(deadline.signal);
  }

  /** Moves the time, unless it is ahead so far already. Timers that are not due are due sooner in real time. */
  #jump(aheadMs: number): void {
    if (aheadMs <= this.#aheadMs) return;
    this.#aheadMs = aheadMs;
    const nowMs = this.monotonicMs();
    for (const timer of this.#timers) {
      timer.waiting?.cancel();
      if (timer.dueMs > nowMs) this.#arm(timer);
    }
  }

  async #runDue(signal: AbortSignal): Promise<void> {
    await this.#fireDue();
    await this.#jobs?.runDue(signal);
    await settle();
  }

  /** Fires the timers that are due, each of them once. */
  async #fireDue(): Promise<void> {
    const nowMs = this.monotonicMs();
    const due = [...this.#timers].filter((timer) => timer.dueMs <= nowMs).toSorted((a, b) => a.dueMs - b.dueMs || a.order - b.order);
    for (const timer of due) {
      // Another one may have cancelled it.
      if (!this.#timers.has(timer)) continue;
      try {
        this.#fire(timer);
      } catch (error) {
        // The others are to fire all the same. It ends where the errors of real timers do.
        setImmediate(() => {
          throw error;
        });
      }
      await settle();
    }
  }

  #startDeadline(): Disposable & { signal: AbortSignal } {
    const ending = new AbortController();
    const timer = this.#real.setTimeout(() => ending.abort(), WAIT_MS);
    return { signal: ending.signal, [Symbol.dispose]: () => timer.cancel() };
  }

  #add(fn: () => void, ms: number, everyMs: number | undefined): TimerHandle {
    const timer: KitTimer = { dueMs: this.monotonicMs() + Math.max(0, ms), order: this.#order++, everyMs, fn };
    this.#timers.add(timer);
    this.#arm(timer);
    return { cancel: () => this.#remove(timer) };
  }

  #arm(timer: KitTimer): void {
    const leftMs = timer.dueMs - this.monotonicMs();
    timer.waiting = this.#real.setTimeout(() => (leftMs > DELAY_MAX_MS ? this.#arm(timer) : this.#fire(timer)), Math.min(Math.max(0, leftMs), DELAY_MAX_MS));
  }

  #remove(timer: KitTimer): void {
    timer.waiting?.cancel();
    this.#timers.delete(timer);
  }

  #fire(timer: KitTimer): void {
    timer.waiting?.cancel();
    if (timer.everyMs === undefined) this.#timers.delete(timer);
    else {
      timer.dueMs = this.monotonicMs() + timer.everyMs;
      this.#arm(timer);
    }
    timer.fn();
  }
}

/** Lets promises and callbacks run that are ready. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
