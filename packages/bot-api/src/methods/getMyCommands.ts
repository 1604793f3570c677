import { defineBotMethod } from '../define-bot-method.ts';
import { accessScope } from '../params/command-scope.ts';

export const getMyCommands = defineBotMethod({
  method: 'getMyCommands',
  params: ['scope', 'language_code'],
  async run(call, params) {
    const commands = await call.invoke({ _: 'bots.getBotCommands', scope: await accessScope(call, params), lang_code: params.text('language_code') });
    return commands.map(({ command, description }) => ({ command, description }));
  },
});
