import type { Clock } from '@aerogram/runtime';

/** How often is looked although no hint has come, in milliseconds: hints may be lost. */
const CHECK_EVERY_MS = 1000;

/** Something that somebody waits for. */
export interface Wait<T> {
  clock: Clock;
  timeoutMs: number;
  /** Ends the wait at once. */
  signal: AbortSignal;
  /** Calls a listener whenever the thing may have come, until disposed. */
  onHint(listener: () => void): Disposable;
  /** Looks for the thing. */
  find(): Promise<T | undefined>;
}

/**
 * Waits until something is there: looks at once, after each hint, and now and then.
 * @returns undefined when the time is over or the signal fires
 */
export async function waitFor<T>({ clock, timeoutMs, signal, onHint, find }: Wait<T>): Promise<T | undefined> {
  let wake: () => void = () => {};
  let isHinted = false;
  let isOver = signal.aborted;
  const hinted = (): void => {
    isHinted = true;
    wake();
  };
  const stopped = (): void => {
    isOver = true;
    wake();
  };
  const hints = onHint(hinted);
  signal.addEventListener('abort', stopped);
  const checks = clock.setInterval(hinted, CHECK_EVERY_MS);
  const end = clock.setTimeout(stopped, timeoutMs);
  try {
    for (;;) {
      isHinted = false;
      const found = await find();
      if (found !== undefined) return found;
      if (isOver) return undefined;
      // What came while it looked may have been overlooked.
      if (isHinted) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      wake = () => {};
    }
  } finally {
    end.cancel();
    checks.cancel();
    signal.removeEventListener('abort', stopped);
    hints[Symbol.dispose]();
  }
}
