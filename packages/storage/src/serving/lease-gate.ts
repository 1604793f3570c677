import type { Clock } from '@aerogram/runtime';
import { DatabaseUnavailable } from '../database/errors.ts';

/** How long a server may serve without renewing its lease, by the database's clock. */
export const SERVING_LEASE_MS = 10_000;
/** A server stops writing this long before the lease ends, so that the longest transaction ends before it. */
const TRANSACTION_MS = 5_000;
/** How long a writer waits for a late renewal, in milliseconds. */
const PATIENCE_MS = 3_000;

/** Lets transactions pass while the server certainly holds the lease. */
export class LeaseGate {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #renewedMs: number;
  #refusal: Error | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#renewedMs = clock.monotonicMs();
  }

  /** When the last successful renewal was sent, by `monotonicMs`. */
  get renewedMs(): number {
    return this.#renewedMs;
  }

  /** Records a renewal. @param atMs when it was sent, by `monotonicMs` */
  renewed(atMs: number): void {
    this.#renewedMs = atMs;
    if (this.#isOpen()) this.#wake();
  }

  /** The lease is lost: no transaction passes any more. */
  close(refusal: Error): void {
    this.#refusal = refusal;
    this.#wake();
  }

  /** See `DatabaseOptions.gate`. */
  gate(): Promise<void> | undefined {
    return this.#isOpen() ? undefined : this.#wait();
  }

  #isOpen(): boolean {
    return !this.#refusal && this.#clock.monotonicMs() - this.#renewedMs < SERVING_LEASE_MS - TRANSACTION_MS;
  }

  #wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        this.#waiting.delete(finish);
        timer.cancel();
        if (this.#isOpen()) resolve();
        else reject(this.#refusal ?? new DatabaseUnavailable('the right to serve from the database could not be renewed'));
      };
      const timer = this.#clock.setTimeout(finish, this.#refusal ? 0 : PATIENCE_MS);
      this.#waiting.add(finish);
    });
  }

  #wake(): void {
    for (const finish of Array.from(this.#waiting)) finish();
  }
}
