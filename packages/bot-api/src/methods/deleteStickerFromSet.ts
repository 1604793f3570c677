import { defineBotMethod } from '../define-bot-method.ts';
import { accessSticker } from '../stickers/sticker-file.ts';

export const deleteStickerFromSet = defineBotMethod({
  method: 'deleteStickerFromSet',
  params: ['sticker'],
  async run(call, params) {
    await call.invoke({ _: 'stickers.removeStickerFromSet', sticker: await accessSticker(call, params.text('sticker')) });
    return true;
  },
});
