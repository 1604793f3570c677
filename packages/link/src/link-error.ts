import type { Refusal } from './bodies.ts';

/**
 * A call has no answer. `down`: there is no link, or it ended before the answer came, so the call may have been carried out. `timeout`: as
 * `down`, but the link is there. `busy`: it was not carried out. `unknown`: the other node has no such call. `refused`: its handler said so. `failed`: its handler threw.
 */
export class LinkError extends Error {
  readonly reason: Refusal | 'down' | 'timeout';

  constructor(reason: LinkError['reason'], words: string = reason) {
    super(words);
    this.reason = reason;
  }
}

/** Thrown by a handler to tell the caller why. */
export class CallRefused extends Error {}
