import { defineCounter } from '@aerogram/runtime';

/** What became of an attempt to send an update: `delivered`; `refused` by the status of the answer; `unreachable` if there was no connection; `silent` if there was no answer; `expired` before it was sent. */
export type WebhookOutcome = 'delivered' | 'refused' | 'unreachable' | 'silent' | 'expired';

/** Attempts to send updates to webhooks. */
export const webhookAttempts = defineCounter({
  name: 'aerogram_webhook_attempts_total',
  help: 'Attempts to send updates to webhooks of bots, by outcome: delivered, refused (status of the answer), unreachable, silent (no answer), expired (not sent).',
  labels: ['outcome'],
});
