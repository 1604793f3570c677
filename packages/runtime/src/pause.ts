import type { Clock } from './clock.ts';

/** Waits for some milliseconds, or until one of the signals fires, whichever comes first. Never rejects. */
export async function pause(clock: Pick<Clock, 'setTimeout'>, ms: number, ...signals: readonly AbortSignal[]): Promise<void> {
  if (signals.some(({ aborted }) => aborted)) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      timer.cancel();
      for (const signal of signals) signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.setTimeout(end, ms);
    for (const signal of signals) signal.addEventListener('abort', end);
  });
}
