import { defineBotMethod } from '../define-bot-method.ts';
import { countListed } from '../sending/count-messages.ts';
import { FORWARD_PARAMS, forwardSeveral } from '../sending/forward-messages.ts';

export const copyMessages = defineBotMethod({
  method: 'copyMessages',
  params: [...FORWARD_PARAMS, 'remove_caption'],
  sends: (params) => countListed(params, 'message_ids', 'message identifiers'),
  run: (call, params) => forwardSeveral(call, params, { asCopies: true, withoutCaptions: params.bool('remove_caption') }),
});
