import { defineBotMethod } from '../define-bot-method.ts';
import { PLACE_PARAMS, readPlace } from '../params/geo-point.ts';
import { checkLiveLocation, LIVE_PARAMS, readLiveLocation } from '../sending/live-location.ts';
import { CONTENT_PARAMS, sendMessageOf } from '../sending/send-content.ts';

/** With `live_period`, the location can be moved afterwards. */
export const sendLocation = defineBotMethod({
  method: 'sendLocation',
  params: [...CONTENT_PARAMS, ...PLACE_PARAMS, ...LIVE_PARAMS],
  sends: () => 1,
  run(call, params) {
    if (params.int('live_period') === 0) return sendMessageOf(call, params, { message: '', entities: [], media: { _: 'inputMediaGeoPoint', geo_point: readPlace(params) } });
    const media = readLiveLocation(params);
    checkLiveLocation(media);
    return sendMessageOf(call, params, { message: '', entities: [], media });
  },
});
