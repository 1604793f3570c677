import type { Clock, TimerHandle } from '@aerogram/runtime';

/** Lets one loop sleep until it is woken or a timeout is over. A wake-up that comes while it is awake is not lost. */
export class Wakeup {
  readonly #clock: Clock;
  #isWoken = false;
  #resume: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wake(): void {
    this.#isWoken = true;
    this.#resume?.();
  }

  /** Returns at once if `wake` was called since the last sleep. */
  async sleep(ms: number): Promise<void> {
    if (!this.#isWoken) {
      let timer: TimerHandle | undefined;
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
        timer = this.#clock.setTimeout(resolve, ms);
      });
      timer?.cancel();
      this.#resume = undefined;
    }
    this.#isWoken = false;
  }
}
