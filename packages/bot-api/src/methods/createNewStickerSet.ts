import { badRequest } from '../bot-error.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { readUser } from '../params/chat-id.ts';
import { OLD_STICKER_PARAMS, readStickers } from '../stickers/input-sticker.ts';

const TYPES = ['', 'regular', 'mask', 'custom_emoji'];

export const createNewStickerSet = defineBotMethod({
  method: 'createNewStickerSet',
  params: ['user_id', 'name', 'title', 'stickers', 'sticker_type', 'needs_repainting', 'contains_masks', ...OLD_STICKER_PARAMS],
  async run(call, params) {
    const user = readUser(params, 'user_id');
    const type = params.text('sticker_type');
    if (!TYPES.includes(type)) throw badRequest('unsupported sticker type specified');
    const stickers = await readStickers(call, params);
    await call.invoke({
      _: 'stickers.createStickerSet',
      user_id: user,
      title: params.text('title'),
      short_name: params.text('name').trim(),
      masks: type === 'mask' || (type === '' && params.bool('contains_masks')) || undefined,
      emojis: type === 'custom_emoji' || undefined,
      text_color: params.bool('needs_repainting') || undefined,
      stickers,
    });
    return true;
  },
});
