import type { Database, Tables, Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

/** The webhook of a bot. */
export type WebhookRow = Selectable<Tables['bot_webhooks']>;

/** What a bot says of its webhook. */
export type NewWebhook = Omit<WebhookRow, 'last_error_date' | 'last_error_message' | 'gone_since'>;

/** What became of the last attempts to reach a webhook. */
export type WebhookTrouble = Partial<Pick<WebhookRow, 'last_error_date' | 'last_error_message' | 'gone_since'>>;

/** Sets the webhook of a bot, in place of the one that it had. */
export async function saveWebhook(tx: Tx, webhook: NewWebhook): Promise<void> {
  const row = { ...webhook, last_error_date: 0, last_error_message: '', gone_since: 0 };
  await tx.q.insertInto('bot_webhooks').values(row).onConflict((oc) => oc.column('bot_id').doUpdateSet(row)).execute();
}

/** Removes the webhook of a bot. @param url only if this is still its URL; undefined: any @returns whether there was one */
export async function removeWebhook(tx: Tx, botId: bigint, url?: string): Promise<boolean> {
  const { numDeletedRows } = await tx.q
    .deleteFrom('bot_webhooks')
    .where('bot_id', '=', botId)
    .$if(url !== undefined, (query) => query.where('url', '=', url!))
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

/** Notes that a webhook could not be reached. */
export async function noteTrouble(tx: Tx, { bot_id: botId, url }: Pick<WebhookRow, 'bot_id' | 'url'>, trouble: WebhookTrouble): Promise<void> {
  await tx.q.updateTable('bot_webhooks').set(trouble).where('bot_id', '=', botId).where('url', '=', url).execute();
}

/** Reads the webhooks of bots. */
export function findWebhooks(q: Database['q'], botIds: readonly bigint[]): Promise<WebhookRow[]> {
  return q.selectFrom('bot_webhooks').selectAll().where('bot_id', 'in', botIds).execute();
}

/** Lists webhooks by the ids of the bots. @param after the last bot of the page before; 0 for the first page */
export function listWebhooks(q: Database['q'], after: bigint, limit: number): Promise<WebhookRow[]> {
  return q.selectFrom('bot_webhooks').selectAll().where('bot_id', '>', after).orderBy('bot_id').limit(limit).execute();
}
