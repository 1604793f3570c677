import type { Random } from '@aerogram/runtime';
import type { RelayLimits } from './relay-limits.ts';

/** Pauses between attempts that grow, half of each by chance. */
export class BackOff {
  readonly #limits: Pick<RelayLimits, 'retryFirstMs' | 'retryLastMs'>;
  readonly #random: Random;
  #failures = 0;

  constructor(limits: Pick<RelayLimits, 'retryFirstMs' | 'retryLastMs'>, random: Random) {
    this.#limits = limits;
    this.#random = random;
  }

  /** The pause after one more failure, in milliseconds. */
  nextMs(): number {
    const most = Math.min(this.#limits.retryLastMs, this.#limits.retryFirstMs * 2 ** Math.min(this.#failures++, 30));
    return (most / 2) * (1 + this.#random.uint31() / 2 ** 31);
  }

  /** An attempt has worked. */
  succeeded(): void {
    this.#failures = 0;
  }
}
