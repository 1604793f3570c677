import { defineBotMethod } from '../define-bot-method.ts';
import { accessScope } from '../params/command-scope.ts';

export const deleteMyCommands = defineBotMethod({
  method: 'deleteMyCommands',
  params: ['scope', 'language_code'],
  run: async (call, params) => call.invoke({ _: 'bots.resetBotCommands', scope: await accessScope(call, params), lang_code: params.text('language_code') }),
});
