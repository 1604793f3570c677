import { accessChat } from '../chats/bot-chat.ts';
import { unpinAll } from '../chats/pins.ts';
import { defineBotMethod } from '../define-bot-method.ts';

export const unpinAllChatMessages = defineBotMethod({
  method: 'unpinAllChatMessages',
  params: ['chat_id'],
  run: async (call, params) => unpinAll(call, (await accessChat(call, params)).peer),
});
