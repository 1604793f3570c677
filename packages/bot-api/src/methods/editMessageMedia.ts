import { badRequest } from '../bot-error.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { keepSentFile, prepareMedia } from '../files/input-file.ts';
import { isJsonObject } from '../params/json-fields.ts';
import { EDIT_PARAMS, editContent } from '../sending/edit-content.ts';
import { readInputMedia } from '../sending/input-media-object.ts';

/** The caption is that of the new media: none if they have none. */
export const editMessageMedia = defineBotMethod({
  method: 'editMessageMedia',
  params: [...EDIT_PARAMS, 'media'],
  async run(call, params) {
    const value = params.json('media', 'input media');
    if (!isJsonObject(value)) throw badRequest("can't parse InputMedia: expected an Object");
    const { wanted, caption: { message, entities, invertMedia } } = readInputMedia(value, params);
    const media = await prepareMedia(call, wanted);
    return editContent(call, params, {
      edit: { media, message, entities, invert_media: invertMedia },
      keep: (edited) => keepSentFile(call, media, edited.media),
    });
  },
});
