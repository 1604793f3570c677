/** A running timer; `cancel` may be called any number of times. */
export interface TimerHandle {
  cancel(): void;
}

/** Source of the time. Domain code gets it as an argument, so that tests are exact. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. */
  nowMs(): number;
  /** Wall clock, whole seconds since 1970, as TL dates are. */
  now(): number;
  /** Milliseconds of a clock that never goes back, for measurements and deadlines. */
  monotonicMs(): number;
  /** Runs `fn` once after `ms` milliseconds. */
  setTimeout(fn: () => void, ms: number): TimerHandle;
  /** Runs `fn` every `ms` milliseconds until cancelled. */
  setInterval(fn: () => void, ms: number): TimerHandle;
}

/** The machine's clock and timers. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  now: () => Math.floor(Date.now() / 1000),
  monotonicMs: () => performance.now(),
  setTimeout(fn, ms) {
    const timer = setTimeout(fn, ms);
    return { cancel: () => clearTimeout(timer) };
  },
  setInterval(fn, ms) {
    const timer = setInterval(fn, ms);
    return { cancel: () => clearInterval(timer) };
  },
};
