import { defineBotMethod } from '../define-bot-method.ts';
import { EDIT_PARAMS, editContent } from '../sending/edit-content.ts';

export const editMessageReplyMarkup = defineBotMethod({
  method: 'editMessageReplyMarkup',
  params: EDIT_PARAMS,
  run: (call, params) => editContent(call, params, { edit: {} }),
});
