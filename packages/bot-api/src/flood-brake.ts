import { type Clock, pause, TokenBuckets } from '@aerogram/runtime';

/** How many refusals of one bot cost it nothing, at once and in each second after that. */
const REFUSALS = { capacity: 100, tokensPerSecond: 20, maxBuckets: 20_000 };

/** How long a request is held, in milliseconds. */
const HELD_MS = 1000;

/**
 * Slows down bots that go on calling although they are told to wait: to refuse a request costs nearly as much as to answer it, so a bot that ignores refusals would
 * make others wait. Programs that heed them are never slowed down.
 */
export class FloodBrake {
  readonly #clock: Clock;
  readonly #refusals: TokenBuckets;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#refusals = new TokenBuckets(clock, REFUSALS);
  }

  /** Notes that a bot was told to wait. */
  refused(botId: bigint): void {
    this.#refusals.charge(String(botId), 1);
  }

  /** Waits before anything is done for a request, if its bot has ignored too many refusals. */
  async hold(botId: bigint): Promise<void> {
    if (this.#refusals.spent(String(botId)) <= REFUSALS.capacity) return;
    await pause(this.#clock, HELD_MS);
  }
}
