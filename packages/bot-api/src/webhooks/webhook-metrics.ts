import { defineCounter } from '@aerogram/runtime';

/** What became of an attempt to send an update: `delivered`; `refused` by the status of the answer; `unreachable` or `timeout` without an answer; `expired` before it was sent. */
export type WebhookOutcome = 'delivered' | 'refused' | 'unreachable' | 'timeout' | 'expired';

/** Attempts to send updates to webhooks. */
export const webhookAttempts = defineCounter({
  name: 'aerogram_webhook_attempts_total',
  help: 'Attempts to send updates to webhooks of bots, by outcome: delivered, refused (status of the answer), unreachable, timeout, expired (not sent).',
  labels: ['outcome'],
});
