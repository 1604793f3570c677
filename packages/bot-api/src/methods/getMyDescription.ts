import { defineBotMethod } from '../define-bot-method.ts';

export const getMyDescription = defineBotMethod({
  method: 'getMyDescription',
  params: ['language_code'],
  async run(call, params) {
    const { description } = await call.invoke({ _: 'bots.getBotInfo', lang_code: params.text('language_code') });
    return { description };
  },
});
