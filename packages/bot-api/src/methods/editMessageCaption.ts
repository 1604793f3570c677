import { hasCaption } from '@aerogram/domain';

import { badRequest } from '../bot-error.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { EDIT_PARAMS, editContent } from '../sending/edit-content.ts';
import { CAPTION_PARAMS, readCaption } from '../sending/send-file.ts';

export const editMessageCaption = defineBotMethod({
  method: 'editMessageCaption',
  params: [...EDIT_PARAMS, ...CAPTION_PARAMS],
  run(call, params) {
    const { message, entities, invertMedia } = readCaption(params);
    return editContent(call, params, {
      edit: { message, entities, invert_media: invertMedia },
      check: (edited) => {
        if (!hasCaption(edited.media)) throw badRequest('there is no caption in the message to edit');
      },
    });
  },
});
