import { defineBotMethod } from '../define-bot-method.ts';
import { readButtonPerson, readMenuButton } from '../params/menu-button.ts';

export const setChatMenuButton = defineBotMethod({
  method: 'setChatMenuButton',
  params: ['chat_id', 'menu_button'],
  run: (call, params) => call.invoke({ _: 'bots.setBotMenuButton', user_id: readButtonPerson(params), button: readMenuButton(params) }),
});
