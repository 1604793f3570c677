import type { Clock, Logger, TimerHandle } from '@aerogram/runtime';

import type { DomainDeps } from '../shared/index.ts';
import type { AccountEnd } from './account-end.ts';
import type { CleanUp } from './clean-up.ts';

const CLEAN_UP_EVERY_MS = 3600_000;
const SWEEP_EVERY_MS = 24 * 3600_000;

interface Parts {
  cleanUp: CleanUp;
  accountEnd: Pick<AccountEnd, 'doEndAccount'>;
}

/** The timer that deletes what has expired every hour, and once a day ends devices and accounts that were inactive for too long. */
export class CleanUpRounds implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #doubt: NonNullable<DomainDeps['doubt']>;
  readonly #parts: Parts;
  readonly #timer: TimerHandle;
  /** The clean-up that runs, and those that wait for it. */
  #cleaning: Promise<void> = Promise.resolve();
  /** When all users were last looked through. Measured with `monotonicMs`, so that setting the clock back delays nothing. */
  #sweptMs = Number.NEGATIVE_INFINITY;

  /** Starts the timer. */
  constructor({ clock, log, doubt = () => undefined, cleansUp = () => true }: Pick<DomainDeps, 'clock' | 'log' | 'doubt' | 'cleansUp'>, parts: Parts) {
    this.#clock = clock;
    this.#log = log;
    this.#doubt = doubt;
    this.#parts = parts;
    // The log says what goes wrong.
    this.#timer = clock.setInterval(() => cleansUp() && void this.#inTurn(() => this.#cleanUpWhenDue()).catch(() => undefined), CLEAN_UP_EVERY_MS);
  }

  /** Deletes what has expired, and ends inactive devices and accounts. */
  doCleanUp(): Promise<void> {
    return this.#inTurn(() => this.#cleanUp());
  }

  /** Runs clean-ups one after the other. */
  #inTurn(run: () => Promise<void>): Promise<void> {
    const done = this.#cleaning.then(run);
    this.#cleaning = done.catch((error: unknown) => this.#log.warn({ err: error }, 'old keys were not cleaned up'));
    return done;
  }

  /** Looks through all users once a day; the other runs of the timer only delete what has expired. */
  async #cleanUpWhenDue(): Promise<void> {
    if (this.#clock.monotonicMs() - this.#sweptMs < SWEEP_EVERY_MS) return this.#parts.cleanUp.doDropExpired();
    return this.#cleanUp();
  }

  async #cleanUp(): Promise<void> {
    const { cleanUp, accountEnd } = this.#parts;
    await cleanUp.doDropExpired();
    const reason = this.#doubt('proven');
    if (reason !== undefined) {
      // With a clock that is ahead, every device and account would seem inactive.
      this.#log.warn({ reason }, 'idle devices and accounts are not looked for: the clock is not believed');
      return;
    }
    this.#sweptMs = this.#clock.monotonicMs();
    await cleanUp.doDropGuestKeys();
    await cleanUp.doEndIdleDevices();
    for (const userId of await cleanUp.listIdleAccounts()) await accountEnd.doEndAccount(userId, 'idle');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer.cancel();
    await this.#cleaning;
  }
}
