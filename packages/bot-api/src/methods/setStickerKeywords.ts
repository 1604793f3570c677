import { defineBotMethod } from '../define-bot-method.ts';
import { joinTexts } from '../stickers/input-sticker.ts';
import { accessSticker } from '../stickers/sticker-file.ts';

export const setStickerKeywords = defineBotMethod({
  method: 'setStickerKeywords',
  params: ['sticker', 'keywords'],
  async run(call, params) {
    const keywords = joinTexts(params.json('keywords', 'keywords'), ',', 'keywords');
    await call.invoke({ _: 'stickers.changeSticker', sticker: await accessSticker(call, params.text('sticker')), keywords });
    return true;
  },
});
