import { type BotCall, Described } from '../bot-call.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import type { UpdateWishes } from '../webhooks/webhooks.ts';

export const deleteWebhook = defineBotMethod({
  method: 'deleteWebhook',
  params: ['drop_pending_updates'],
  run: (call, params) => removeWebhook(call, { dropPending: params.bool('drop_pending_updates'), allowed: 'unchanged' }),
});

/** Removes the webhook of a bot, as `setWebhook` without a URL does too. */
export async function removeWebhook({ botId, webhooks }: BotCall, wishes: UpdateWishes): Promise<Described> {
  return new Described(true, (await webhooks.doRemove(botId, wishes)) ? 'Webhook was deleted' : 'Webhook is already deleted');
}
