import { type Clock, RecentMap } from '@aerogram/runtime';

import { BotError } from './bot-error.ts';
import type { BotWebhooks } from '@aerogram/domain';
import type { Receivers } from './updates/receivers.ts';
import type { Webhooks } from './webhooks/webhooks.ts';

/** How long a bot that has logged out cannot use the Bot API of this server, in seconds. */
const LOGGED_OUT_S = 600;

/** Bots of which it is remembered whether they have logged out. */
const KNOWN_MAX = 100_000;

const loggedOutError = (): BotError => new BotError(400, 'Logged out');

export interface BotInstancesDeps {
  receivers: Pick<Receivers, 'end'>;
  webhooks: Pick<Webhooks, 'pause' | 'resume' | 'doRemove'>;
  logOuts: Pick<BotWebhooks, 'findLoggedOut' | 'doNoteLoggedOut'>;
  clock: Clock;
}

/** What a bot has running here: a request that waits for updates, or a webhook that gets them. A bot that moves to another server of the Bot API ends it. */
export class BotInstances {
  readonly #deps: BotInstancesDeps;
  /** Until when bots are refused; 0 for those that have not logged out. */
  readonly #loggedOut = new RecentMap<bigint, number>(KNOWN_MAX);

  constructor(deps: BotInstancesDeps) {
    this.#deps = deps;
  }

  /** Admits a request of a bot. It starts what {@link BotInstances.close} has ended. @throws BotError 400 `Logged out` */
  async enter(botId: bigint): Promise<void> {
    let until = this.#loggedOut.get(botId);
    if (until === undefined) this.#loggedOut.set(botId, (until = await this.#deps.logOuts.findLoggedOut(botId)));
    if (until > this.#deps.clock.now()) throw loggedOutError();
    await this.#deps.webhooks.resume(botId);
  }

  /** Another process may have answered for some of the bots before. */
  ownersChanged(): void {
    this.#loggedOut.clear();
  }

  /** Ends what runs for a bot, until its next request or the next start of the server. */
  async close(botId: bigint): Promise<void> {
    await this.#deps.webhooks.pause(botId);
    this.#deps.receivers.end(botId);
  }

  /** Ends what runs for a bot for good, and refuses its requests for ten minutes, so that a program which was forgotten does not begin anew. */
  async logOut(botId: bigint): Promise<void> {
    const { receivers, webhooks, logOuts, clock } = this.#deps;
    const until = clock.now() + LOGGED_OUT_S;
    this.#loggedOut.set(botId, until);
    try {
      await logOuts.doNoteLoggedOut(botId, until);
      await webhooks.doRemove(botId, { dropPending: false, allowed: 'unchanged' });
    } catch (error) {
      await logOuts.doNoteLoggedOut(botId, 0).finally(() => this.#loggedOut.delete(botId));
      throw error;
    }
    receivers.end(botId, loggedOutError());
  }
}
