import type { Clock } from '@aerogram/runtime';

import { EndedCalls, type Outcome } from './ended-calls.ts';

/** How long invokeAfterMsg waits for a call that has not arrived or not ended, in milliseconds. */
const WAIT_MS = 10_000;

/**
 * The latest calls of one session with their outcomes, for invokeAfterMsg(s). It also waits for a call that has not arrived yet, because
 * that may be in another packet.
 */
export class CallHistory {
  readonly #ended = new EndedCalls();
  /** Undefined while no call waits, which is nearly always. */
  #waiting: Map<bigint, Set<(outcome: Outcome) => void>> | undefined;
  #inFlight = 0;

  /** Number of unanswered calls of the session. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Records that a call began. */
  begin(): void {
    this.#inFlight++;
  }

  /** Records how a call ended, and wakes the calls that wait for it. */
  end(msgId: bigint, outcome: Outcome): void {
    this.#inFlight--;
    this.#ended.add(msgId, outcome);
    for (const wake of this.#waiting?.get(msgId) ?? []) wake(outcome);
    this.#forget(msgId);
  }

  /** Waits for one call. @returns whether it succeeded in time */
  async succeeded(msgId: bigint, clock: Clock): Promise<boolean> {
    const known = this.#ended.find(msgId);
    if (known !== undefined) return known === 'ok';
    return new Promise<boolean>((resolve) => {
      const waiters = this.#waiting?.get(msgId) ?? new Set();
      (this.#waiting ??= new Map<bigint, Set<(outcome: Outcome) => void>>()).set(msgId, waiters);
      const wake = (outcome: Outcome): void => {
        timer.cancel();
        resolve(outcome === 'ok');
      };
      const timer = clock.setTimeout(() => {
        waiters.delete(wake);
        if (waiters.size === 0) this.#forget(msgId);
        resolve(false);
      }, WAIT_MS);
      waiters.add(wake);
    });
  }

  #forget(msgId: bigint): void {
    this.#waiting?.delete(msgId);
    if (this.#waiting?.size === 0) this.#waiting = undefined;
  }
}
