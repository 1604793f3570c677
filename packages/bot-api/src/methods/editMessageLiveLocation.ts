import { defineBotMethod } from '../define-bot-method.ts';
import { PLACE_PARAMS } from '../params/geo-point.ts';
import { EDIT_PARAMS, editContent } from '../sending/edit-content.ts';
import { LIVE_PARAMS, readLiveLocation } from '../sending/live-location.ts';

export const editMessageLiveLocation = defineBotMethod({
  method: 'editMessageLiveLocation',
  params: [...EDIT_PARAMS, ...PLACE_PARAMS, ...LIVE_PARAMS],
  run: (call, params) => editContent(call, params, { edit: { media: readLiveLocation(params) } }),
});
