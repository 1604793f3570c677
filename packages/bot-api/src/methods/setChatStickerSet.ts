import { badRequest } from '../bot-error.ts';
import { accessChat } from '../chats/bot-chat.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { setChatStickers } from '../stickers/chat-stickers.ts';

export const setChatStickerSet = defineBotMethod({
  method: 'setChatStickerSet',
  params: ['chat_id', 'sticker_set_name'],
  async run(call, params) {
    const name = params.text('sticker_set_name').trim();
    if (name === '') throw badRequest('sticker_set_name is empty');
    return setChatStickers(call, await accessChat(call, params), { _: 'inputStickerSetShortName', short_name: name });
  },
});
