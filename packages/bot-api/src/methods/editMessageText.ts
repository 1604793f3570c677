import { isText } from '@aerogram/domain';

import { badRequest } from '../bot-error.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { EDIT_PARAMS, editContent } from '../sending/edit-content.ts';
import { readMessageText, TEXT_PARAMS } from '../sending/read-message-text.ts';

export const editMessageText = defineBotMethod({
  method: 'editMessageText',
  params: [...EDIT_PARAMS, ...TEXT_PARAMS],
  run(call, params) {
    const { message, entities, media, noWebpage, invertMedia } = readMessageText(params);
    return editContent(call, params, {
      edit: { message, entities, media, no_webpage: noWebpage, invert_media: invertMedia },
      check: (edited) => {
        if (!isText(edited.media)) throw badRequest('there is no text in the message to edit');
      },
    });
  },
});
