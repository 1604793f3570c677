import { defineBotMethod } from '../define-bot-method.ts';
import { EDIT_PARAMS, editContent } from '../sending/edit-content.ts';
import { LIVE_PARAMS, PLACE_PARAMS, readLiveLocation } from '../sending/read-place.ts';

export const editMessageLiveLocation = defineBotMethod({
  method: 'editMessageLiveLocation',
  params: [...EDIT_PARAMS, ...PLACE_PARAMS, ...LIVE_PARAMS],
  run: (call, params) => editContent(call, params, { edit: { media: readLiveLocation(params) } }),
});
