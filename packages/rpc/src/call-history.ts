import type { Clock, TimerHandle } from '@aerogram/runtime';

import type { SessionMessages } from './call.ts';
import { EndedCalls, type Outcome } from './ended-calls.ts';

/** How long a call waits for another one that has not arrived or not ended, in milliseconds. */
const WAIT_MS = 10_000;
/**
 * How long it waits for a message that is older than the session and was not seen, in milliseconds. Such a message went to another process
 * before, unless it was overtaken on its way: then it comes very soon.
 */
const EARLY_WAIT_MS = 500;

/** A call that waits for another one. */
interface Waiter {
  /** Ends the waiting if the other call cannot end any more, or has. */
  look(outcome?: Outcome): void;
}

/**
 * The latest calls of one session with their outcomes, for invokeAfterMsg(s). A call waits for another one that runs, or that may still
 * arrive because it is in another packet; it does not wait for one that cannot come.
 */
export class CallHistory {
  readonly #messages: SessionMessages | undefined;
  readonly #ended = new EndedCalls();
  /** Undefined while no call waits, which is nearly always. */
  #waiting: Map<bigint, Set<Waiter>> | undefined;
  #inFlight = 0;

  /** @param messages what the session knows of its messages; without it each message that was not seen may still come */
  constructor(messages?: SessionMessages) {
    this.#messages = messages;
  }

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
    for (const waiter of this.#waiting?.get(msgId) ?? []) waiter.look(outcome);
  }

  /** @returns whether a call has ended and succeeded, or undefined if that is to be waited for */
  outcomeOf(msgId: bigint): boolean | undefined {
    const known = this.#ended.find(msgId);
    if (known !== undefined) return known === 'ok';
    return this.#fateOf(msgId) === 'gone' ? false : undefined;
  }

  /** Waits for one call. @returns whether it succeeded in time */
  async succeeded(msgId: bigint, clock: Clock): Promise<boolean> {
    const known = this.outcomeOf(msgId);
    if (known !== undefined) return known;
    return new Promise<boolean>((resolve) => {
      const done = (isOk: boolean): void => {
        timer.cancel();
        this.#forget(msgId, waiter);
        resolve(isOk);
      };
      const waiter: Waiter = {
        look: (outcome) => {
          if (outcome !== undefined || this.#fateOf(msgId) === 'gone') done(outcome === 'ok');
        },
      };
      const wait = (ms: number, leftMs: number): TimerHandle => clock.setTimeout(() => {
        // The other call has arrived meanwhile.
        if (leftMs > 0 && this.#fateOf(msgId) === 'running') timer = wait(leftMs, 0);
        else done(false);
      }, ms);
      let timer = this.#fateOf(msgId) === 'early' ? wait(EARLY_WAIT_MS, WAIT_MS - EARLY_WAIT_MS) : wait(WAIT_MS, 0);
      this.#add(msgId, waiter);
    });
  }

  #fateOf(msgId: bigint): ReturnType<SessionMessages['fateOf']> {
    return this.#messages?.fateOf(msgId) ?? 'unseen';
  }

  #add(msgId: bigint, waiter: Waiter): void {
    const waiting = (this.#waiting ??= new Map<bigint, Set<Waiter>>());
    const waiters = waiting.get(msgId) ?? new Set();
    waiting.set(msgId, waiters.add(waiter));
    if (this.#messages) this.#messages.onGone ??= (gone) => this.#lookAt(gone);
  }

  #lookAt(gone: bigint | undefined): void {
    const msgIds = gone === undefined ? [...this.#waiting?.keys() ?? []] : [gone];
    for (const msgId of msgIds) for (const waiter of this.#waiting?.get(msgId) ?? []) waiter.look();
  }

  #forget(msgId: bigint, waiter: Waiter): void {
    const waiters = this.#waiting?.get(msgId);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#waiting?.delete(msgId);
    if (this.#waiting?.size !== 0) return;
    this.#waiting = undefined;
    if (this.#messages) this.#messages.onGone = undefined;
  }
}
