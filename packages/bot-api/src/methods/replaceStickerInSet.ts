import { defineBotMethod } from '../define-bot-method.ts';
import { readUser } from '../params/chat-id.ts';
import { OLD_STICKER_PARAMS, readSticker } from '../stickers/input-sticker.ts';
import { readSetName } from '../stickers/set-name.ts';
import { accessSticker } from '../stickers/sticker-file.ts';

export const replaceStickerInSet = defineBotMethod({
  method: 'replaceStickerInSet',
  params: ['user_id', 'name', 'old_sticker', 'sticker', ...OLD_STICKER_PARAMS],
  async run(call, params) {
    readUser(params, 'user_id');
    readSetName(params);
    const sticker = await accessSticker(call, params.text('old_sticker'));
    await call.invoke({ _: 'stickers.replaceSticker', sticker, new_sticker: await readSticker(call, params) });
    return true;
  },
});
