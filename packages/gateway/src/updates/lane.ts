import type { BoxReach } from '@aerogram/domain';

import type { Follower } from './crowd.ts';
import type { SessionSequencer } from './session-sequencer.ts';

/** A session with a position of its own in the event sequence of a channel, and the pushes on their way to it. */
export class Lane {
  readonly follower: Follower;
  readonly sequencer: SessionSequencer;
  /** What was really handed to the session. It lags behind the sequencer while projections run. */
  pushed: BoxReach;
  /** Increased when a projection fails, which cancels the deliveries planned before. */
  generation = 0;
  /** Deliveries run one after the other, because a projection may have to read from the database. */
  #tail: Promise<void> = Promise.resolve();
  #queued = 0;

  constructor(follower: Follower, sequencer: SessionSequencer) {
    this.follower = follower;
    this.sequencer = sequencer;
    this.pushed = sequencer.reach;
  }

  /** Whether the session has got everything up to its position, and waits for nothing. */
  get isSettled(): boolean {
    return this.#queued === 0 && !this.sequencer.isHolding && this.pushed.pts === this.sequencer.sent;
  }

  /** Whether no delivery is queued. */
  get isIdle(): boolean {
    return this.#queued === 0;
  }

  enqueue(run: () => Promise<void>): void {
    this.#queued++;
    this.#tail = this.#tail.then(run).finally(() => {
      this.#queued--;
    });
  }

  /**
   * Resolves when this place in the queue of deliveries is reached; undefined if nothing is queued. Later deliveries wait one more turn of the event loop, so
   * that the answer of the waiting call is queued first.
   */
  barrier(): Promise<void> | undefined {
    if (this.#queued === 0) return undefined;
    return new Promise((resolve) => {
      this.enqueue(async () => {
        resolve();
        await new Promise((turn) => setImmediate(turn));
      });
    });
  }

  /** Resolves when everything planned so far has been pushed. */
  idle(): Promise<void> {
    return this.#tail;
  }
}
