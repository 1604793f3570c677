import { type Clock, type Random } from '@aerogram/runtime';
import { BackOff } from '../back-off.ts';
import type { RelayLimits } from '../relay-limits.ts';

/** So many failures in a row show that the other end does not work. */
const MAX_FAILURES = 5;

/** Refuses attempts for a while after several have failed, and then lets one through to see whether the other end works again. */
export class Breaker {
  readonly #clock: Clock;
  readonly #pauses: BackOff;
  #failures = 0;
  #refusesUntilMs = 0;

  constructor({ clock, random, limits }: { clock: Clock; random: Random; limits: RelayLimits }) {
    this.#clock = clock;
    this.#pauses = new BackOff(limits, random);
  }

  /** Whether an attempt may be made now. The first one after a pause is the probe: others are refused until it is known. */
  admits(): boolean {
    if (this.#failures < MAX_FAILURES) return true;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#refusesUntilMs) return false;
    this.#refusesUntilMs = nowMs + this.#pauses.nextMs();
    return true;
  }

  failed(): void {
    if (++this.#failures === MAX_FAILURES) this.#refusesUntilMs = this.#clock.monotonicMs() + this.#pauses.nextMs();
  }

  succeeded(): void {
    this.#failures = 0;
    this.#pauses.succeeded();
  }
}
