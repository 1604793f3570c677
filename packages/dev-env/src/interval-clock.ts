import { systemClock, type Clock, type TimerHandle } from '@aerogram/runtime';

/** Real time for everything except intervals, which run only when a test says so. */
export interface IntervalClock extends Clock {
  /** Runs every interval as often as it would have run in this many milliseconds, counted together with those of earlier calls. */
  runIntervals(ms: number): Promise<void>;
}

/**
 * A clock for scenarios with real clients: their sockets and deadlines need real time, while the server's periodic work (such as repairing
 * lagging sessions) should run exactly when the test wants it.
 */
export function createIntervalClock(): IntervalClock {
  const intervals = new Set<{ fn: () => void; everyMs: number; passedMs: number }>();
  return {
    nowMs: () => systemClock.nowMs(),
    now: () => systemClock.now(),
    monotonicMs: () => systemClock.monotonicMs(),
    setTimeout: (fn, ms) => systemClock.setTimeout(fn, ms),
    setInterval(fn, everyMs): TimerHandle {
      const interval = { fn, everyMs, passedMs: 0 };
      intervals.add(interval);
      return { cancel: () => void intervals.delete(interval) };
    },
    async runIntervals(ms) {
      for (const interval of Array.from(intervals)) {
        interval.passedMs += ms;
        for (; interval.passedMs >= interval.everyMs && intervals.has(interval); interval.passedMs -= interval.everyMs) interval.fn();
      }
      await new Promise<void>((resolve) => setImmediate(resolve));
    },
  };
}
