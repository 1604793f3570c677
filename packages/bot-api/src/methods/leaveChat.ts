import { badRequest } from '../bot-error.ts';
import { accessChat, isChannel } from '../chats/bot-chat.ts';
import { defineBotMethod } from '../define-bot-method.ts';

export const leaveChat = defineBotMethod({
  method: 'leaveChat',
  params: ['chat_id'],
  async run(call, params) {
    const chat = await accessChat(call, params);
    if (chat.kind === 'private') throw badRequest("chat member status can't be changed in private chats");
    if (isChannel(chat)) await call.invoke({ _: 'channels.leaveChannel', channel: chat.channel });
    else await call.invoke({ _: 'messages.deleteChatUser', chat_id: chat.chatId, user_id: { _: 'inputUserSelf' } });
    return true;
  },
});
