import { type Clock, createFakeClock } from '@aerogram/runtime';

/** A clock that stands still until it is moved, so that no timer fires while a call is counted. */
export interface WorkClock extends Clock {
  /** Moves the clock on, and fires the timers that become due. */
  advance(ms: number): Promise<void>;
  /** Moves the date on without firing timers, so that rate limits let more calls through and nothing else happens. */
  jump(ms: number): void;
}

/** Creates a clock at a date, in milliseconds since 1970. */
export function createWorkClock(startMs: number): WorkClock {
  const clock = createFakeClock(startMs);
  let aheadMs = 0;
  return {
    nowMs: () => clock.nowMs() + aheadMs,
    now: () => Math.floor((clock.nowMs() + aheadMs) / 1000),
    monotonicMs: () => clock.monotonicMs() + aheadMs,
    setTimeout: (fn, ms) => clock.setTimeout(fn, ms),
    setInterval: (fn, ms) => clock.setInterval(fn, ms),
    advance: (ms) => clock.advance(ms),
    jump(ms) {
      aheadMs += ms;
    },
  };
}
