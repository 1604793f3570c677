import { UNFINISHED_KEPT_MS, type Uploads } from '@aerogram/blob';
import type { Clock, ClockDoubt, Logger } from '@aerogram/runtime';

const EVERY_MS = 600_000;

interface ExpireDeps {
  uploads: Pick<Uploads, 'expire'>;
  clock: Clock;
  log: Logger;
  /** Whether the clock is reliable; absent: always. */
  doubt?: ClockDoubt | undefined;
}

/**
 * Deletes unfinished uploads a day after their last part, from now on until it is disposed. This is no job, because jobs run once for a database,
 * while the parts are on the disk of the machine that received them.
 */
export function expireUploads({ uploads, clock, log, doubt }: ExpireDeps): AsyncDisposable {
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    if (doubt?.('proven') !== undefined) return;
    try {
      const expired = await uploads.expire(clock.nowMs() - UNFINISHED_KEPT_MS);
      if (expired > 0) log.info({ uploads: expired }, 'unfinished uploads have expired');
    } catch (error) {
      log.warn({ err: error }, 'unfinished uploads could not be deleted');
    }
  };
  const start = (): void => {
    running ??= run().finally(() => {
      running = undefined;
    });
  };
  start();
  const timer = clock.setInterval(start, EVERY_MS);
  return {
    async [Symbol.asyncDispose]() {
      timer.cancel();
      await running;
    },
  };
}
