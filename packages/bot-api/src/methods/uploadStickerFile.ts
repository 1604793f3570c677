import { badRequest } from '../bot-error.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { commonFields } from '../objects/file-objects.ts';
import { readUser } from '../params/chat-id.ts';
import { formatOf, isFormat } from '../stickers/sticker-format.ts';
import { uploadSticker } from '../stickers/sticker-file.ts';

/** Keeps a file for later calls that make sets. What it is, these calls check. */
export const uploadStickerFile = defineBotMethod({
  method: 'uploadStickerFile',
  params: ['user_id', 'sticker', 'sticker_format', 'png_sticker'],
  async run(call, params) {
    readUser(params, 'user_id');
    const said = params.text('sticker_format');
    if (!isFormat(said)) throw badRequest('invalid sticker format specified');
    const file = params.file('sticker') ?? params.file('png_sticker');
    if (file === undefined) throw badRequest('there is no sticker file in the request');
    if (file.kind !== 'upload') throw badRequest('sticker must be uploaded as an InputFile');
    return commonFields(call, await uploadSticker(call, file.upload, formatOf(said, file)), 'sticker');
  },
});
