import type { Clock } from '@aerogram/runtime';
import { DatabaseUnavailable } from '../database/errors.ts';
import { ALONE_TIMES, type NodeTimes } from './node-times.ts';

/** How long a writer waits for a late renewal, in milliseconds. */
const PATIENCE_MS = 3_000;

/** Lets transactions pass while the server certainly holds the lease. */
export class LeaseGate {
  readonly #clock: Clock;
  readonly #times: NodeTimes;
  readonly #waiting = new Set<() => void>();
  #renewedMs: number;
  #refusal: Error | undefined;

  constructor(clock: Clock, times = ALONE_TIMES) {
    this.#clock = clock;
    this.#times = times;
    this.#renewedMs = clock.monotonicMs();
  }

  /** How long ago the last successful renewal was sent, in milliseconds. */
  get ageMs(): number {
    return this.#clock.monotonicMs() - this.#renewedMs;
  }

  /** Records a renewal. @param atMs when it was sent, by `monotonicMs` */
  renewed(atMs: number): void {
    this.#renewedMs = atMs;
    if (this.mayWrite()) this.#wake();
  }

  /** The lease is lost: no transaction passes any more. */
  close(refusal: Error): void {
    this.#refusal = refusal;
    this.#wake();
  }

  /** See `DatabaseOptions.gate`. */
  gate(): Promise<void> | undefined {
    return this.mayWrite() ? undefined : this.#wait();
  }

  /** Whether the server may still answer: nobody else serves what it serves. */
  mayAnswer(): boolean {
    return !this.#refusal && this.ageMs < this.#times.answersMs;
  }

  /** Whether a transaction may begin now: nobody can have taken the lease. */
  mayWrite(): boolean {
    return !this.#refusal && this.ageMs < this.#times.writesMs;
  }

  #wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        this.#waiting.delete(finish);
        timer.cancel();
        if (this.mayWrite()) resolve();
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
