import { defineBotMethod } from '../define-bot-method.ts';
import { accessSticker } from '../stickers/sticker-file.ts';

export const setStickerPositionInSet = defineBotMethod({
  method: 'setStickerPositionInSet',
  params: ['sticker', 'position'],
  async run(call, params) {
    await call.invoke({ _: 'stickers.changeStickerPosition', sticker: await accessSticker(call, params.text('sticker')), position: Math.min(Math.max(0, params.int('position')), 1000) });
    return true;
  },
});
