import { badRequest } from '../bot-error.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { projectStickerSet } from '../objects/index.ts';

export const getStickerSet = defineBotMethod({
  method: 'getStickerSet',
  params: ['name'],
  async run(call, params) {
    const short_name = params.text('name').trim();
    if (short_name === '') throw badRequest('sticker_set_name is empty');
    const found = await call.invoke({ _: 'messages.getStickerSet', stickerset: { _: 'inputStickerSetShortName', short_name }, hash: 0 });
    if (found._ !== 'messages.stickerSet') throw badRequest('STICKERSET_INVALID');
    return projectStickerSet(call, found);
  },
});
