import { defineBotMethod } from '../define-bot-method.ts';

export const getMyShortDescription = defineBotMethod({
  method: 'getMyShortDescription',
  params: ['language_code'],
  async run(call, params) {
    const { about } = await call.invoke({ _: 'bots.getBotInfo', lang_code: params.text('language_code') });
    return { short_description: about };
  },
});
