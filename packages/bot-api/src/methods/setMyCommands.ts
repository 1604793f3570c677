import { defineBotMethod } from '../define-bot-method.ts';
import { accessScope } from '../params/command-scope.ts';
import { readCommands } from '../params/commands.ts';

export const setMyCommands = defineBotMethod({
  method: 'setMyCommands',
  params: ['commands', 'scope', 'language_code'],
  async run(call, params) {
    const commands = readCommands(params);
    return call.invoke({ _: 'bots.setBotCommands', scope: await accessScope(call, params), lang_code: params.text('language_code'), commands });
  },
});
