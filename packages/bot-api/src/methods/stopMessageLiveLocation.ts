import { defineBotMethod } from '../define-bot-method.ts';
import { EDIT_PARAMS, editContent } from '../sending/edit-content.ts';

export const stopMessageLiveLocation = defineBotMethod({
  method: 'stopMessageLiveLocation',
  params: EDIT_PARAMS,
  run: (call, params) => editContent(call, params, { edit: { media: { _: 'inputMediaGeoLive', stopped: true, geo_point: { _: 'inputGeoPointEmpty' } } } }),
});
