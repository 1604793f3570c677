import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** Maximum length of what a bot shows to somebody who pressed a button, in UTF-16 units. */
const ANSWER_MAX = 200;

export const setBotCallbackAnswer = defineMethod({
  method: 'messages.setBotCallbackAnswer',
  access: 'bot',
  cost: 1,
  limits: { strings: { message: { max: ANSWER_MAX, error: 'MESSAGE_TOO_LONG' }, url: { max: 2048, error: 'URL_INVALID' } } },
  repeat: 'idempotent',
  async handler(ctx, req) {
    // Other pages need a button with a link, which says where it leads before it is pressed.
    if (req.url !== undefined && req.url !== '') throw rpcError('URL_INVALID');
    const text = req.message?.trim() ?? '';
    await ctx.domain.buttonPresses.doAnswer(
      { botId: ctx.userId, queryId: req.query_id },
      { _: 'messages.botCallbackAnswer', alert: req.alert === true ? true : undefined, native_ui: true, message: text === '' ? undefined : text, cache_time: Math.max(0, req.cache_time) },
    );
    return true;
  },
});
