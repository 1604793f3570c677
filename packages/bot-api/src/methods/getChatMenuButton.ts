import { defineBotMethod } from '../define-bot-method.ts';
import { projectMenuButton, readButtonPerson } from '../params/menu-button.ts';

export const getChatMenuButton = defineBotMethod({
  method: 'getChatMenuButton',
  params: ['chat_id'],
  run: async (call, params) => projectMenuButton(await call.invoke({ _: 'bots.getBotMenuButton', user_id: readButtonPerson(params) })),
});
