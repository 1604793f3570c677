import { defineBotMethod } from '../define-bot-method.ts';

export const setMyDescription = defineBotMethod({
  method: 'setMyDescription',
  params: ['description', 'language_code'],
  run: (call, params) => call.invoke({ _: 'bots.setBotInfo', lang_code: params.text('language_code'), description: params.text('description') }),
});
