import { accessChat, isChannel } from '../chats/bot-chat.ts';
import { defineBotMethod } from '../define-bot-method.ts';

const definition = {
  params: ['chat_id'],
  async run(call, params) {
    const chat = await accessChat(call, params, 'read');
    if (chat.kind === 'private') return chat.markedId === call.botId ? 1 : 2;
    const { chats } = await call.invoke(isChannel(chat) ? { _: 'channels.getChannels', id: [chat.channel] } : { _: 'messages.getChats', id: [chat.chatId] });
    const [found] = chats;
    return found !== undefined && 'participants_count' in found ? found.participants_count : 0;
  },
} satisfies Omit<Parameters<typeof defineBotMethod<'chat_id'>>[0], 'method'>;

export const getChatMemberCount = defineBotMethod({ ...definition, method: 'getChatMemberCount' });

/** The old name. */
export const getChatMembersCount = defineBotMethod({ ...definition, method: 'getChatMembersCount' });
