import { defineBotMethod } from '../define-bot-method.ts';

export const setMyShortDescription = defineBotMethod({
  method: 'setMyShortDescription',
  params: ['short_description', 'language_code'],
  run: (call, params) => call.invoke({ _: 'bots.setBotInfo', lang_code: params.text('language_code'), about: params.text('short_description') }),
});
