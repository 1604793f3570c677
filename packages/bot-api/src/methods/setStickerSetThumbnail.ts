import { badRequest } from '../bot-error.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { readUser } from '../params/chat-id.ts';
import { readSetName } from '../stickers/set-name.ts';
import { readDocument } from '../stickers/sticker-file.ts';
import { formatOf, isFormat } from '../stickers/sticker-format.ts';

export const setStickerSetThumbnail = defineBotMethod({
  method: 'setStickerSetThumbnail',
  params: ['name', 'user_id', 'thumbnail', 'thumb', 'format'],
  async run(call, params) {
    readUser(params, 'user_id');
    const said = params.text('format');
    if (!isFormat(said)) throw badRequest('invalid sticker format specified');
    const stickerset = readSetName(params);
    const file = params.file('thumbnail') ?? params.file('thumb');
    await call.invoke({ _: 'stickers.setStickerSetThumb', stickerset, thumb: file && (await readDocument(call, file, formatOf(said, file))) });
    return true;
  },
});
