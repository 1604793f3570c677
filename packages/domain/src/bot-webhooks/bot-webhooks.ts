import { equalBytes } from '@aerogram/crypto';

import { type DomainDeps, onAccountHint } from '../shared/index.ts';
import { lockBotSecret } from '../bots/index.ts';
import { findWebhooks, listWebhooks, type NewWebhook, noteTrouble, removeWebhook, saveWebhook, type WebhookRow, type WebhookTrouble } from './webhook-store.ts';

/** Where the updates of bots are sent. */
export class BotWebhooks {
  readonly #deps: Pick<DomainDeps, 'db' | 'bus'>;

  constructor(deps: Pick<DomainDeps, 'db' | 'bus'>) {
    this.#deps = deps;
  }

  /** Reads the webhook of a bot; undefined if it has none. */
  async find(botId: bigint): Promise<WebhookRow | undefined> {
    return (await this.findAll([botId]))[0];
  }

  /** Reads the webhooks of bots, as far as they have any. */
  async findAll(botIds: readonly bigint[]): Promise<WebhookRow[]> {
    return botIds.length === 0 ? [] : findWebhooks(this.#deps.db.q, botIds);
  }

  /** Lists all webhooks by the ids of the bots. @param after the last bot of the page before; 0 for the first page */
  list(after: bigint, limit: number): Promise<WebhookRow[]> {
    return listWebhooks(this.#deps.db.q, after, limit);
  }

  /**
   * Sets the webhook of a bot, in place of the one that it had.
   * @param tokenHash of the token by which the bot was recognised
   * @returns false if the token is not valid any longer
   */
  doSet(webhook: NewWebhook, tokenHash: Uint8Array): Promise<boolean> {
    return this.#deps.db.transact('set-webhook', async (tx) => {
      // Locked and compared again: whoever has an old token must not have the updates of the bot after the revocation has removed the webhook.
      const bot = await lockBotSecret(tx, webhook.bot_id, 'keep');
      if (bot === undefined || bot.deleted || !equalBytes(bot.token_hash, tokenHash)) return false;
      await saveWebhook(tx, webhook);
      return true;
    });
  }

  /** Removes the webhook of a bot. @param url only if this is still its URL; undefined: any @returns whether there was one */
  doRemove(botId: bigint, url?: string): Promise<boolean> {
    return this.#deps.db.transact('remove-webhook', (tx) => removeWebhook(tx, botId, url));
  }

  /** Notes what became of the last attempts to reach a webhook, unless the bot has another one by now. */
  doNoteTrouble(webhook: Pick<WebhookRow, 'bot_id' | 'url'>, trouble: WebhookTrouble): Promise<void> {
    return this.#deps.db.transact('note-webhook-trouble', (tx) => noteTrouble(tx, webhook, trouble));
  }

  /** Calls back when a bot has changed, for example because its token was revoked. The hint may be lost. */
  onChange(listener: (botId: bigint) => void): Disposable {
    return onAccountHint(this.#deps.bus, (hint) => {
      if (hint.kind === 'user') listener(hint.userId);
    });
  }
}
