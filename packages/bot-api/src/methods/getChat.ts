import { accessChat, isChannel } from '../chats/bot-chat.ts';
import { telling } from '../chats/tell.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { projectFullChat } from '../objects/index.ts';

export const getChat = defineBotMethod({
  method: 'getChat',
  params: ['chat_id'],
  async run(call, params) {
    const chat = await accessChat(call, params, 'read');
    if (chat.kind === 'private') return projectFullChat(call, await telling(call.invoke({ _: 'users.getFullUser', id: chat.user }), { USER_ID_INVALID: 'chat not found' }));
    if (isChannel(chat)) return projectFullChat(call, await call.invoke({ _: 'channels.getFullChannel', channel: chat.channel }));
    return projectFullChat(call, await call.invoke({ _: 'messages.getFullChat', chat_id: chat.chatId }));
  },
});
