import type { Clock, TimerHandle } from './clock.ts';

/** A clock that stands still until a test advances it. */
export interface FakeClock extends Clock {
  /**
   * Advances the time by `ms` and runs each timer at the time when it is due, in order. Between timers, and at the end, pending promises
   * and I/O callbacks are run.
   */
  advance(ms: number): Promise<void>;
  /** Number of pending timers; a test that ends with some has found a leak. */
  pendingTimers(): number;
}

interface FakeTimer {
  dueMs: number;
  order: number;
  everyMs: number | undefined;
  fn: () => void;
}

/** Lets due promises and I/O callbacks run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/**
 * Creates a clock for tests.
 * @param startMs the initial wall-clock time, in milliseconds since 1970
 */
export function createFakeClock(startMs = 1_750_000_000_000): FakeClock {
  const timers = new Set<FakeTimer>();
  let nowMs = startMs;
  let order = 0;

  const add = (fn: () => void, ms: number, everyMs: number | undefined): TimerHandle => {
    const timer: FakeTimer = { dueMs: nowMs + Math.max(0, ms), order: order++, everyMs, fn };
    timers.add(timer);
    return { cancel: () => void timers.delete(timer) };
  };

  const nextDue = (limitMs: number): FakeTimer | undefined => {
    let next: FakeTimer | undefined;
    for (const timer of timers) {
      if (timer.dueMs > limitMs) continue;
      if (!next || timer.dueMs < next.dueMs || (timer.dueMs === next.dueMs && timer.order < next.order)) next = timer;
    }
    return next;
  };

  return {
    nowMs: () => nowMs,
    now: () => Math.floor(nowMs / 1000),
    monotonicMs: () => nowMs - startMs,
    setTimeout: (fn, ms) => add(fn, ms, undefined),
    // An interval of 0 would make `advance` loop for ever.
    setInterval: (fn, ms) => add(fn, Math.max(1, ms), Math.max(1, ms)),
    pendingTimers: () => timers.size,
    async advance(ms) {
      const endMs = nowMs + ms;
      await settle();
      for (let timer = nextDue(endMs); timer; timer = nextDue(endMs)) {
        nowMs = timer.dueMs;
        if (timer.everyMs === undefined) timers.delete(timer);
        else {
          timer.dueMs += timer.everyMs;
          timer.order = order++;
        }
        timer.fn();
        await settle();
      }
      nowMs = endMs;
    },
  };
}
