import { badRequest } from '../bot-error.ts';
import { accessChat } from '../chats/bot-chat.ts';
import { telling } from '../chats/tell.ts';
import { defineBotMethod } from '../define-bot-method.ts';

export const setChatDescription = defineBotMethod({
  method: 'setChatDescription',
  params: ['chat_id', 'description'],
  async run(call, params) {
    const chat = await accessChat(call, params);
    if (chat.kind === 'private') throw badRequest("can't change private chat description");
    await telling(call.invoke({ _: 'messages.editChatAbout', peer: chat.peer, about: params.text('description') }), { CHAT_ADMIN_REQUIRED: 'not enough rights to set chat description' });
    return true;
  },
});
