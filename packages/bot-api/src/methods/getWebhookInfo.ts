import { defineBotMethod } from '../define-bot-method.ts';

export const getWebhookInfo = defineBotMethod({
  method: 'getWebhookInfo',
  params: [],
  async run({ botId, webhooks }) {
    const { webhook, trouble, address, pending, allowed } = await webhooks.find(botId);
    const allowedUpdates = allowed === undefined ? {} : { allowed_updates: allowed };
    if (webhook === undefined || trouble === undefined) return { url: '', has_custom_certificate: false, pending_update_count: pending, ...allowedUpdates };
    return {
      url: webhook.url,
      has_custom_certificate: webhook.certificate !== null,
      pending_update_count: pending,
      ...(trouble.last_error_date === 0 ? {} : { last_error_date: trouble.last_error_date, last_error_message: trouble.last_error_message }),
      max_connections: webhook.max_connections,
      ...(address === undefined ? {} : { ip_address: address }),
      ...allowedUpdates,
    };
  },
});
