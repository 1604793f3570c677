import { rpcError } from '@aerogram/errors';
import { type ByteBudget, type Clock, TokenBuckets, TurnQueue, waitForRoom } from '@aerogram/runtime';

/** Bytes of parts of files that an account may carry in a second on average, if the settings say nothing else. */
export const DEFAULT_PART_BYTES_PER_SECOND = 256 * 1024 * 1024;
/** An account that paused may be this far ahead of its average, in seconds: a file of 2 GB at once. */
const BURST_S = 10;
/** No part is longer. */
const MAX_PART_BYTES = 1024 * 1024;
/** How long a call waits for room in the process before it is refused, in milliseconds. */
const MAX_WAIT_MS = 10_000;
/** How long the client of a refused call should wait, in seconds. */
const FULL_WAIT_S = 5;

const MAX_BUCKETS = 100_000;
/**
 * Parts that a process writes at once. Each takes several turns of the event loop, and more of them would not be written sooner, but make each turn longer, and with it
 * everything else that the process does.
 */
const WRITING_MAX = 4;
/** A part that takes longer, in milliseconds, waits for something else than this process, so the next one need not wait for it. */
const WRITING_MS = 1000;

/** Limits of calls that carry parts of files or ask for them: an allowance of bytes for each account, the room in the process for all, and turns in writing parts. */
export class PartLimits {
  readonly #clock: Clock;
  readonly #room: ByteBudget;
  readonly #allowances: TokenBuckets;
  readonly #toWrite = new TurnQueue<string, () => void>();
  #writing = 0;

  constructor(clock: Clock, room: ByteBudget, bytesPerSecond = DEFAULT_PART_BYTES_PER_SECOND) {
    this.#clock = clock;
    this.#room = room;
    this.#allowances = new TokenBuckets(clock, { capacity: BURST_S * bytesPerSecond, tokensPerSecond: bytesPerSecond, maxBuckets: MAX_BUCKETS });
  }

  /**
   * Charges a part to its account. @param bytes as the client named them @returns the bytes charged
   * @throws RpcError 420 FLOOD_WAIT
   */
  charge(owner: string, bytes: number): number {
    const within = Math.min(Math.max(bytes, 0), MAX_PART_BYTES);
    const waitS = this.#allowances.take(owner, within);
    if (waitS > 0) throw rpcError('FLOOD_WAIT_%d', waitS);
    return within;
  }

  /** Gives back what an answer was shorter than expected; does nothing if it was longer. */
  refund(owner: string, bytes: number): void {
    if (bytes > 0) this.#allowances.charge(owner, -bytes);
  }

  /**
   * Waits until there is room for a part that the server is about to read.
   * @returns a function that gives the room back
   * @throws RpcError 420 FLOOD_WAIT when there was none for long
   */
  async makeRoom(owner: string, bytes: number): Promise<() => void> {
    const release = await waitForRoom(this.#room, { clock: this.#clock, owner, bytes, maxWaitMs: MAX_WAIT_MS });
    if (!release) throw rpcError('FLOOD_WAIT_%d', FULL_WAIT_S);
    return release;
  }

  /** Writes a part that has come, once it is the turn of its account. */
  async write<T>(owner: string, work: () => Promise<T>): Promise<T> {
    if (this.#writing < WRITING_MAX) this.#writing += 1;
    else await new Promise<void>((resolve) => this.#toWrite.add(owner, resolve));
    const endTurn = this.#beginTurn();
    const timer = this.#clock.setTimeout(endTurn, WRITING_MS);
    try {
      return await work();
    } finally {
      timer.cancel();
      endTurn();
    }
  }

  /** @returns what ends the turn, when it is called first */
  #beginTurn(): () => void {
    let hasEnded = false;
    return () => {
      if (hasEnded) return;
      hasEnded = true;
      const next = this.#toWrite.take();
      if (next) next();
      else this.#writing -= 1;
    };
  }
}
