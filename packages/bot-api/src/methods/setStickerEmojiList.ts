import { defineBotMethod } from '../define-bot-method.ts';
import { joinTexts } from '../stickers/input-sticker.ts';
import { accessSticker } from '../stickers/sticker-file.ts';

export const setStickerEmojiList = defineBotMethod({
  method: 'setStickerEmojiList',
  params: ['sticker', 'emoji_list'],
  async run(call, params) {
    const emoji = joinTexts(params.json('emoji_list', 'emoji list'), ' ', 'emoji list');
    await call.invoke({ _: 'stickers.changeSticker', sticker: await accessSticker(call, params.text('sticker')), emoji });
    return true;
  },
});
