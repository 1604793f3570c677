import { defineBotMethod } from '../define-bot-method.ts';
import { readSetName } from '../stickers/set-name.ts';

export const deleteStickerSet = defineBotMethod({
  method: 'deleteStickerSet',
  params: ['name'],
  async run(call, params) {
    await call.invoke({ _: 'stickers.deleteStickerSet', stickerset: readSetName(params) });
    return true;
  },
});
