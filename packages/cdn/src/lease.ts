import type { Clock } from '@aerogram/runtime';

/**
 * How long a node serves without hearing from its origin, in milliseconds. Tokens must die within a minute after a channel became private,
 * also where the node cannot be told.
 */
export const LEASE_MS = 45_000;

/** Whether the origin was heard lately. */
export class Lease {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #heardMs = -Infinity;

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  renew(): void {
    this.#heardMs = this.#clock.monotonicMs();
  }

  get isValid(): boolean {
    return this.#clock.monotonicMs() - this.#heardMs < LEASE_MS;
  }
}
