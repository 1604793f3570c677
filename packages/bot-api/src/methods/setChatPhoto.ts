import { badRequest } from '../bot-error.ts';
import { accessChat } from '../chats/bot-chat.ts';
import { editPhoto } from '../chats/edit-photo.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { unlessSame } from '../rename-errors.ts';

export const setChatPhoto = defineBotMethod({
  method: 'setChatPhoto',
  params: ['chat_id', 'photo'],
  async run(call, params) {
    const photo = params.file('photo');
    if (photo === undefined) throw badRequest('there is no photo in the request');
    if (photo.kind !== 'upload') throw badRequest('photo must be uploaded as an InputFile');
    await unlessSame(editPhoto(call, await accessChat(call, params), { _: 'inputChatUploadedPhoto', file: photo.upload.file }));
    return true;
  },
});
