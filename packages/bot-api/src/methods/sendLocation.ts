import { defineBotMethod } from '../define-bot-method.ts';
import { oneMessage } from '../sending/count-messages.ts';
import { checkLiveLocation, LIVE_PARAMS, PLACE_PARAMS, readLiveLocation, readPlace } from '../sending/read-place.ts';
import { CONTENT_PARAMS, sendMessageOf } from '../sending/send-content.ts';

/** With `live_period`, the location can be moved afterwards. */
export const sendLocation = defineBotMethod({
  method: 'sendLocation',
  params: [...CONTENT_PARAMS, ...PLACE_PARAMS, ...LIVE_PARAMS],
  sends: oneMessage,
  run(call, params) {
    if (params.int('live_period') === 0) return sendMessageOf(call, params, { message: '', entities: [], media: { _: 'inputMediaGeoPoint', geo_point: readPlace(params) } });
    const media = readLiveLocation(params);
    checkLiveLocation(media);
    return sendMessageOf(call, params, { message: '', entities: [], media });
  },
});
