import { defineBotMethod } from '../define-bot-method.ts';
import { readSetName } from '../stickers/set-name.ts';

export const setStickerSetTitle = defineBotMethod({
  method: 'setStickerSetTitle',
  params: ['name', 'title'],
  async run(call, params) {
    await call.invoke({ _: 'stickers.renameStickerSet', stickerset: readSetName(params), title: params.text('title') });
    return true;
  },
});
