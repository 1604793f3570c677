import { badRequest } from '../bot-error.ts';
import { accessChat, isChannel } from '../chats/bot-chat.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { renameErrors, unlessSame } from '../rename-errors.ts';

const TEXTS = { CHAT_ADMIN_REQUIRED: 'not enough rights to change chat title', CHAT_TITLE_EMPTY: 'title must be non-empty' };

export const setChatTitle = defineBotMethod({
  method: 'setChatTitle',
  params: ['chat_id', 'title'],
  async run(call, params) {
    const chat = await accessChat(call, params);
    if (chat.kind === 'private') throw badRequest("can't change private chat title");
    const title = params.text('title');
    await unlessSame(renameErrors(isChannel(chat) ? call.invoke({ _: 'channels.editTitle', channel: chat.channel, title }) : call.invoke({ _: 'messages.editChatTitle', chat_id: chat.chatId, title }), TEXTS));
    return true;
  },
});
