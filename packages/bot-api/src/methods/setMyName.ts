import { defineBotMethod } from '../define-bot-method.ts';

export const setMyName = defineBotMethod({
  method: 'setMyName',
  params: ['name', 'language_code'],
  run: (call, params) => call.invoke({ _: 'bots.setBotInfo', lang_code: params.text('language_code'), name: params.text('name') }),
});
