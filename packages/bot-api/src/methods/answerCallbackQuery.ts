import { defineBotMethod } from '../define-bot-method.ts';
import { readQueryId } from '../params/query-id.ts';

/** For how long a client may show an answer again at most, in seconds. */
const CACHE_MAX_S = 30 * 24 * 3600;

export const answerCallbackQuery = defineBotMethod({
  method: 'answerCallbackQuery',
  params: ['callback_query_id', 'text', 'show_alert', 'url', 'cache_time'],
  run: (call, params) =>
    call.invoke({
      _: 'messages.setBotCallbackAnswer',
      ...(params.bool('show_alert') && { alert: true }),
      query_id: readQueryId(params, 'callback_query_id'),
      message: params.text('text'),
      url: params.text('url'),
      cache_time: Math.min(Math.max(0, params.int('cache_time')), CACHE_MAX_S),
    }),
});
