import { defineBotMethod } from '../define-bot-method.ts';

export const getMyName = defineBotMethod({
  method: 'getMyName',
  params: ['language_code'],
  async run(call, params) {
    const { name } = await call.invoke({ _: 'bots.getBotInfo', lang_code: params.text('language_code') });
    return { name };
  },
});
