import { defineBotMethod } from '../define-bot-method.ts';
import { readUser } from '../params/chat-id.ts';
import { OLD_STICKER_PARAMS, readSticker } from '../stickers/input-sticker.ts';
import { readSetName } from '../stickers/set-name.ts';

export const addStickerToSet = defineBotMethod({
  method: 'addStickerToSet',
  params: ['user_id', 'name', 'sticker', ...OLD_STICKER_PARAMS],
  async run(call, params) {
    readUser(params, 'user_id');
    const stickerset = readSetName(params);
    await call.invoke({ _: 'stickers.addStickerToSet', stickerset, sticker: await readSticker(call, params) });
    return true;
  },
});
