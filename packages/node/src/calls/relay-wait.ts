import type { Clock } from '@aerogram/runtime';

/** Longest time for which a call waits for the relay, in milliseconds. Addresses that are told too early work a moment later. */
const WAIT_MS = 3000;

/** Calls that wait until the relay listens. */
export class RelayWait {
  readonly #clock: Clock;
  #waiting: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits for {@link goOn}, for three seconds at most. Never rejects. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.setTimeout(() => resolve(), WAIT_MS);
      this.#waiting.push(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  /** Ends all waits. */
  goOn(): void {
    for (const go of this.#waiting.splice(0)) go();
  }
}
