import { badRequest } from '../bot-error.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { readSetName } from '../stickers/set-name.ts';

/** Makes one custom emoji of a set its picture; without one, the first one is. */
export const setCustomEmojiStickerSetThumbnail = defineBotMethod({
  method: 'setCustomEmojiStickerSetThumbnail',
  params: ['name', 'custom_emoji_id'],
  async run(call, params) {
    const id = params.text('custom_emoji_id').trim();
    if (!/^\d{0,19}$/.test(id) || BigInt(id) >= 2n ** 63n) throw badRequest('invalid custom emoji identifier specified');
    await call.invoke({ _: 'stickers.setStickerSetThumb', stickerset: readSetName(params), thumb_document_id: BigInt(id) || undefined });
    return true;
  },
});
