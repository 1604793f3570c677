import { systemClock, type Clock } from '@aerogram/runtime';

/** Real time, ahead by as much as a test says. */
export interface ShiftedClock extends Clock {
  /** Lets so much time pass at once for everybody who asks for the date. */
  shift(ms: number): void;
}

/**
 * A clock for scenarios in which days pass: sockets and deadlines go on in real time, dates jump. Clients learn the new
 * time from the server, as those do whose own clock is wrong.
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
