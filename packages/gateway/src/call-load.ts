import type { CarrierOf } from './carrier.ts';

/** A call that waits for those before it. @typeParam S the sessions */
export interface WaitingCall<S> {
  carrier: CarrierOf<S>;
  msgId: bigint;
  body: Uint8Array;
}

/** What is spent on reading one session's calls before others have their turn … */
const SLICE_MS = 4;
/** … within so long. */
const SLICE_EVERY_MS = 10;

/** The calls of one session: those that run, and those that wait. @typeParam S the sessions */
export class CallLoad<S> {
  running = 0;
  /** First come first. */
  readonly waiting: WaitingCall<S>[] = [];
  /** Work on those that wait stands in the queue of turns. */
  isPutOff = false;
  #sinceMs = 0;
  #spentMs = 0;

  /** Whether another call may be read at once. */
  hasTime(nowMs: number): boolean {
    if (nowMs - this.#sinceMs >= SLICE_EVERY_MS) {
      this.#sinceMs = nowMs;
      this.#spentMs = 0;
    }
    return this.#spentMs < SLICE_MS;
  }

  /** A call was read, which took so long. */
  spend(forMs: number): void {
    this.#spentMs += forMs;
  }
}
