/** Webhooks: where the server sends the updates of bots that do not ask for them. */
export { BotWebhooks } from './bot-webhooks.ts';
export { readWebhookUrl } from './read-webhook-url.ts';
export { findWebhooks, type NewWebhook, removeWebhook, type WebhookRow, type WebhookTrouble } from './webhook-store.ts';
