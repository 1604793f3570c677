import { badRequest } from '../bot-error.ts';
import { accessChat } from '../chats/bot-chat.ts';
import { telling } from '../chats/tell.ts';
import { defineBotMethod } from '../define-bot-method.ts';

const TEXTS = { CHAT_ADMIN_REQUIRED: 'not enough rights to set chat description', CHAT_ABOUT_NOT_MODIFIED: 'chat description is not modified', CHAT_NOT_MODIFIED: 'chat description is not modified' };

export const setChatDescription = defineBotMethod({
  method: 'setChatDescription',
  params: ['chat_id', 'description'],
  async run(call, params) {
    const chat = await accessChat(call, params);
    if (chat.kind === 'private') throw badRequest("can't change private chat description");
    await telling(call.invoke({ _: 'messages.editChatAbout', peer: chat.peer, about: params.text('description') }), TEXTS);
    return true;
  },
});
