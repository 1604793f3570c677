import { accessChat } from '../chats/bot-chat.ts';
import { editPhoto } from '../chats/edit-photo.ts';
import { defineBotMethod } from '../define-bot-method.ts';

export const deleteChatPhoto = defineBotMethod({
  method: 'deleteChatPhoto',
  params: ['chat_id'],
  async run(call, params) {
    await editPhoto(call, await accessChat(call, params), { _: 'inputChatPhotoEmpty' });
    return true;
  },
});
