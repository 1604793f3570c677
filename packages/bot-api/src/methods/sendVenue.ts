import { defineBotMethod } from '../define-bot-method.ts';
import { readVenue, VENUE_PARAMS } from '../params/venue.ts';
import { CONTENT_PARAMS, sendMessageOf } from '../sending/send-content.ts';

export const sendVenue = defineBotMethod({
  method: 'sendVenue',
  params: [...CONTENT_PARAMS, ...VENUE_PARAMS],
  sends: () => 1,
  run: (call, params) => sendMessageOf(call, params, { message: '', entities: [], media: readVenue(params) }),
});
