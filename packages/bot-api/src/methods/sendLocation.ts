import type { tl } from '@aerogram/tl';

import { defineBotMethod } from '../define-bot-method.ts';
import { LIVE_PARAMS, PLACE_PARAMS, readLiveLocation, readPlace } from '../sending/read-place.ts';
import { CONTENT_PARAMS, sendMessageOf } from '../sending/send-content.ts';

/** With `live_period`, the location can be moved afterwards. */
export const sendLocation = defineBotMethod({
  method: 'sendLocation',
  params: [...CONTENT_PARAMS, ...PLACE_PARAMS, ...LIVE_PARAMS],
  run(call, params) {
    const media: tl.InputMedia = params.int('live_period') === 0 ? { _: 'inputMediaGeoPoint', geo_point: readPlace(params) } : readLiveLocation(params);
    return sendMessageOf(call, params, { message: '', entities: [], media });
  },
});
