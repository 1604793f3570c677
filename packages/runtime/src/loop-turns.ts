import { setImmediate } from 'node:timers/promises';

/**
 * Hands out turns of the event loop to long computations: one turn per iteration of the loop, in the order of the requests. So all
 * computations that share an instance together delay other work by one turn at most.
 */
export class LoopTurns {
  #last: Promise<void> = Promise.resolve();

  /** Resolves in an iteration of the event loop that no other caller gets. */
  next(): Promise<void> {
    this.#last = this.#last.then(() => setImmediate());
    return this.#last;
  }
}
