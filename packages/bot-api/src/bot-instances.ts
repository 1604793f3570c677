import { type Clock, RecentMap } from '@aerogram/runtime';

import { BotError } from './bot-error.ts';
import type { Receivers } from './updates/receivers.ts';
import type { Webhooks } from './webhooks/webhooks.ts';

/** How long a bot that has logged out cannot use the Bot API of this server, in milliseconds. */
const LOGGED_OUT_MS = 600_000;

/** Bots whose log-out is remembered. */
const LOGGED_OUT_MAX = 100_000;

const loggedOutError = (): BotError => new BotError(400, 'Logged out');

export interface BotInstancesDeps {
  receivers: Pick<Receivers, 'end'>;
  webhooks: Pick<Webhooks, 'pause' | 'resume' | 'doRemove'>;
  clock: Clock;
}

/** What a bot has running here: a request that waits for updates, or a webhook that gets them. A bot that moves to another server of the Bot API ends it. */
export class BotInstances {
  readonly #deps: BotInstancesDeps;
  /** Until when bots that have logged out are refused, by the monotonic clock. */
  readonly #loggedOut = new RecentMap<bigint, number>(LOGGED_OUT_MAX);

  constructor(deps: BotInstancesDeps) {
    this.#deps = deps;
  }

  /** Admits a request of a bot. It starts what {@link BotInstances.close} has ended. @throws BotError 400 `Logged out` */
  async enter(botId: bigint): Promise<void> {
    if ((this.#loggedOut.get(botId) ?? 0) > this.#deps.clock.monotonicMs()) throw loggedOutError();
    await this.#deps.webhooks.resume(botId);
  }

  /** Ends what runs for a bot, until its next request or the next start of the server. */
  async close(botId: bigint): Promise<void> {
    await this.#deps.webhooks.pause(botId);
    this.#deps.receivers.end(botId);
  }

  /** Ends what runs for a bot for good, and refuses its requests for ten minutes, so that a program which was forgotten does not begin anew. */
  async logOut(botId: bigint): Promise<void> {
    const { receivers, webhooks, clock } = this.#deps;
    this.#loggedOut.set(botId, clock.monotonicMs() + LOGGED_OUT_MS);
    try {
      await webhooks.doRemove(botId, { dropPending: false, allowed: 'unchanged' });
    } catch (error) {
      this.#loggedOut.delete(botId);
      throw error;
    }
    receivers.end(botId, loggedOutError());
  }
}
