import { defineBotMethod } from '../define-bot-method.ts';
import { readMaskPosition } from '../stickers/input-sticker.ts';
import { accessSticker } from '../stickers/sticker-file.ts';

/** Says where on a face a mask stands; without a position, on the forehead as it is. */
export const setStickerMaskPosition = defineBotMethod({
  method: 'setStickerMaskPosition',
  params: ['sticker', 'mask_position'],
  async run(call, params) {
    const mask = readMaskPosition(params.json('mask_position', 'mask position')) ?? { _: 'maskCoords' as const, n: 0, x: 0, y: 0, zoom: 1 };
    await call.invoke({ _: 'stickers.changeSticker', sticker: await accessSticker(call, params.text('sticker')), mask_coords: mask });
    return true;
  },
});
