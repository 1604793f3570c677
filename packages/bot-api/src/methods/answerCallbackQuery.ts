import { badRequest } from '../bot-error.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { readQueryId } from '../params/query-id.ts';

/** Maximum length of the text, in UTF-16 units (core.telegram.org/bots/api#answercallbackquery). */
const TEXT_MAX = 200;

/** For how long a client may show an answer again at most, in seconds. */
const CACHE_MAX_S = 30 * 24 * 3600;

export const answerCallbackQuery = defineBotMethod({
  method: 'answerCallbackQuery',
  params: ['callback_query_id', 'text', 'show_alert', 'url', 'cache_time'],
  run(call, params) {
    const message = params.text('text');
    // The same error of the server has another text where a message is sent.
    if (message.length > TEXT_MAX) throw badRequest('MESSAGE_TOO_LONG');
    return call.invoke({
      _: 'messages.setBotCallbackAnswer',
      alert: params.bool('show_alert') || undefined,
      query_id: readQueryId(params, 'callback_query_id'),
      message,
      url: params.text('url'),
      cache_time: Math.min(Math.max(0, params.int('cache_time')), CACHE_MAX_S),
    });
  },
});
