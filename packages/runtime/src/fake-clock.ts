import type { Clock, TimerHandle } from './clock.ts';

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /**
   * Moves the time on by `ms`, running each timer that falls due at its own moment, in order.
   * Between two timers, and at the end, pending promises and I/O callbacks get their turn.
   */
  advance(ms: number): Promise<void>;
  /** How many timers wait; a test that ends with some left has found a leak. */
  pendingTimers(): number;
}

interface FakeTimer {
  dueMs: number;
  order: number;
  everyMs: number | undefined;
  fn: () => void;
}

/** Lets promises and I/O callbacks that are already due run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/**
 * Makes a clock for tests.
 * @param startMs the wall-clock time it begins with, in milliseconds since 1970
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
    // An interval of 0 would keep `advance` at one moment for ever.
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
