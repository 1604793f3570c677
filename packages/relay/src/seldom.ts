import type { Clock } from '@aerogram/runtime';

/** How often the log says the same, in milliseconds. */
const SAY_EVERY_MS = 60_000;

/** Has the log say once a minute at most what another home can cause at any time, so that it cannot fill the log. */
export class Seldom {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #saidMs = new Map<string, number>();

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** Says something, unless it was said within the last minute. @param what of the few things that there are to say */
  say(what: string, write: () => void): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - (this.#saidMs.get(what) ?? -Infinity) < SAY_EVERY_MS) return;
    this.#saidMs.set(what, nowMs);
    write();
  }
}
