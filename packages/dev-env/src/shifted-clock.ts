import { systemClock, type Clock } from '@aerogram/runtime';

/** Real time plus an offset that a test sets. */
export interface ShiftedClock extends Clock {
  /** Moves the date ahead by this many milliseconds at once. */
  shift(ms: number): void;
}

/**
 * A clock for scenarios in which days pass: sockets and deadlines use real time, while dates jump. Clients learn the new time from the
 * server, like clients whose own clock is wrong.
 */
export function createShiftedClock(): ShiftedClock {
  let aheadMs = 0;
  return {
    ...systemClock,
    nowMs: () => systemClock.nowMs() + aheadMs,
    now: () => Math.floor((systemClock.nowMs() + aheadMs) / 1000),
    shift(ms) {
      aheadMs += ms;
    },
  };
}
