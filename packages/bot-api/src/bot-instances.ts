import type { Domain } from '@aerogram/domain';

import { loggedOutError } from './bot-error.ts';
import type { Receivers } from './updates/receivers.ts';
import type { Webhooks } from './webhooks/webhooks.ts';

/** How long a bot that has logged out cannot use the Bot API of this server, in seconds. */
const LOGGED_OUT_S = 600;

export interface BotInstancesDeps {
  receivers: Pick<Receivers, 'end'>;
  webhooks: Pick<Webhooks, 'pause' | 'resume' | 'doRemove'>;
  tokens: Pick<Domain['auth']['botTokens'], 'isLoggedOut' | 'doLogOut'>;
}

/** What a bot has running here: a request that waits for updates, or a webhook that gets them. A bot that moves to another server of the Bot API ends it. */
export class BotInstances {
  readonly #deps: BotInstancesDeps;

  constructor(deps: BotInstancesDeps) {
    this.#deps = deps;
  }

  /** Admits a request of a bot. It starts what {@link BotInstances.close} has ended. @throws BotError 400 `Logged out` */
  async enter(botId: bigint): Promise<void> {
    const { tokens, webhooks } = this.#deps;
    if (await tokens.isLoggedOut(botId)) throw loggedOutError();
    await webhooks.resume(botId);
  }

  /** Ends what runs for a bot, until its next request or the next start of the server. */
  async close(botId: bigint): Promise<void> {
    await this.#deps.webhooks.pause(botId);
    this.#deps.receivers.end(botId);
  }

  /** Ends what runs for a bot for good, and refuses its requests for ten minutes, so that a program which was forgotten does not begin anew. */
  async logOut(botId: bigint): Promise<void> {
    const { receivers, webhooks, tokens } = this.#deps;
    await tokens.doLogOut(botId, LOGGED_OUT_S);
    try {
      await webhooks.doRemove(botId, { dropPending: false, allowed: 'unchanged' });
    } catch (error) {
      await tokens.doLogOut(botId, 0);
      throw error;
    }
    receivers.end(botId, loggedOutError());
  }
}
