import { accessChat, isChannel } from '../chats/bot-chat.ts';
import { defineBotMethod } from '../define-bot-method.ts';

export const getChatMemberCount = defineBotMethod({
  method: 'getChatMemberCount',
  params: ['chat_id'],
  async run(call, params) {
    const chat = await accessChat(call, params, 'read');
    if (chat.kind === 'private') return chat.markedId === call.botId ? 1 : 2;
    const { chats } = await (isChannel(chat) ? call.invoke({ _: 'channels.getChannels', id: [chat.channel] }) : call.invoke({ _: 'messages.getChats', id: [chat.chatId] }));
    const [found] = chats;
    return found !== undefined && 'participants_count' in found ? (found.participants_count ?? 0) : 0;
  },
});
