import type { Clock } from './clock.ts';

/**
 * How reliable the date must be for some work. `steady`: the work acts on dates that people chose, and must not act early. `proven`: it
 * permanently deletes what was unused for months, and can wait for days.
 */
export type ClockNeed = 'steady' | 'proven';

/** Returns why work that depends on the date must wait; undefined if it may be done. */
export type ClockDoubt = (need: ClockNeed) => string | undefined;

/** What a clock showed when it was last checked, and how far it had jumped by then. */
export interface ClockRecord {
  /** Milliseconds since 1970. */
  clockMs: number;
  /** Sum of the jumps so far; negative if the clock went back. Undefined if it did not jump. */
  stepMs: number | undefined;
  /** What the clock showed after the last jump. */
  steppedMs: number | undefined;
  /** The operator confirmed that the clock is right. */
  isAccepted: boolean;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Smaller jumps come from synchronization over the network. */
const LEAST_STEP_MS = MINUTE_MS;
/** Maximum difference between the clocks of server and database. */
const MOST_OFFSET_MS = MINUTE_MS;
/** A longer jump means a suspended machine or a stopped server at best, and a wrong date at worst. */
const LONG_STEP_MS = DAY_MS;
/** How long the clock has to run evenly after a short jump, in milliseconds. */
const SHORT_WAIT_MS = MINUTE_MS;
/** How long the clock has to run evenly after a long jump, in milliseconds. */
const LONG_WAIT_MS: Record<ClockNeed, number> = { steady: HOUR_MS, proven: 7 * DAY_MS };

/**
 * Judges whether the machine's clock is reliable, by comparing it with the monotonic clock, with the database's clock, and with what it
 * showed last. A clock that goes back makes nothing happen early. One that jumps ahead has to run evenly for a while first.
 */
export class ClockWatch {
  readonly #clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  #last: { nowMs: number; monotonicMs: number };
  #step: { byMs: number; atMs: number } | undefined;
  #isAccepted = false;
  #offsetMs = 0;

  constructor(clock: Pick<Clock, 'nowMs' | 'monotonicMs'>) {
    this.#clock = clock;
    this.#last = { nowMs: clock.nowMs(), monotonicMs: clock.monotonicMs() };
  }

  /** How far the clock is ahead of the database's, in milliseconds. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /**
   * Continues from the record of an earlier process. It is unknown how long no server ran; a gap of less than a day is taken as such
   * downtime.
   */
  resume(record: ClockRecord): void {
    const nowMs = this.#clock.nowMs();
    this.#step = record.stepMs === undefined || record.steppedMs === undefined ? undefined : { byMs: record.stepMs, atMs: record.steppedMs };
    this.#isAccepted = record.isAccepted;
    const gapMs = nowMs - record.clockMs;
    if (gapMs > LONG_STEP_MS || gapMs <= -LEAST_STEP_MS) this.#jump(gapMs, nowMs);
  }

  /** Checks whether the clock has jumped since the last check. @returns the record to store */
  look(): ClockRecord {
    const [nowMs, monotonicMs] = [this.#clock.nowMs(), this.#clock.monotonicMs()];
    const byMs = nowMs - this.#last.nowMs - (monotonicMs - this.#last.monotonicMs);
    this.#last = { nowMs, monotonicMs };
    if (Math.abs(byMs) >= LEAST_STEP_MS) this.#jump(byMs, nowMs);
    this.#forget(nowMs);
    return { clockMs: nowMs, stepMs: this.#step?.byMs, steppedMs: this.#step?.atMs, isAccepted: this.#isAccepted };
  }

  /** Takes a comparison with the database's clock. @param offsetMs how far this clock is ahead */
  compare(offsetMs: number): void {
    this.#offsetMs = offsetMs;
  }

  /** Records that the operator confirmed the clock. */
  accept(): void {
    this.#isAccepted = true;
  }

  readonly doubt: ClockDoubt = (need) => {
    // Also detects a jump that has just happened.
    this.look();
    if (Math.abs(this.#offsetMs) >= MOST_OFFSET_MS) {
      return `it is ${describeSpan(this.#offsetMs)} ${this.#offsetMs > 0 ? 'ahead of' : 'behind'} the database's clock`;
    }
    const untilMs = this.#waitsUntilMs(need);
    if (untilMs === undefined || this.#clock.nowMs() >= untilMs) return undefined;
    return `it jumped ahead by ${describeSpan(this.#step!.byMs)}; waiting until ${new Date(untilMs).toISOString()}`;
  };

  #waitsUntilMs(need: ClockNeed): number | undefined {
    if (!this.#step || this.#step.byMs < LEAST_STEP_MS || this.#isAccepted) return undefined;
    return this.#step.atMs + (this.#step.byMs > LONG_STEP_MS ? LONG_WAIT_MS[need] : SHORT_WAIT_MS);
  }

  /** Jumps add up, so a jump back cancels an earlier jump ahead. */
  #jump(byMs: number, nowMs: number): void {
    const totalMs = (this.#step?.byMs ?? 0) + byMs;
    this.#isAccepted = false;
    if (Math.abs(totalMs) < LEAST_STEP_MS) this.#step = undefined;
    // After a jump back, the earlier jump's time moves back by the same amount.
    else this.#step = { byMs: totalMs, atMs: byMs > 0 || totalMs < 0 ? nowMs : this.#step!.atMs + byMs };
  }

  /** Forgets the jumps after the clock has run evenly for long enough. */
  #forget(nowMs: number): void {
    if (!this.#step) return;
    const waitMs = this.#step.byMs < 0 ? DAY_MS : this.#step.byMs > LONG_STEP_MS ? LONG_WAIT_MS.proven : SHORT_WAIT_MS;
    if (this.#isAccepted || nowMs >= this.#step.atMs + waitMs) this.#step = undefined;
  }
}

/** Describes a time span in words, such as `3.0 days`, ignoring its sign. */
export function describeSpan(ms: number): string {
  const size = Math.abs(ms);
  if (size >= DAY_MS) return `${(size / DAY_MS).toFixed(1)} days`;
  if (size >= HOUR_MS) return `${(size / HOUR_MS).toFixed(1)} hours`;
  if (size >= MINUTE_MS) return `${(size / MINUTE_MS).toFixed(1)} minutes`;
  return `${(size / 1000).toFixed(1)} s`;
}
