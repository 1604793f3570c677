import { defineBotMethod } from '../define-bot-method.ts';
import { countListed } from '../sending/count-messages.ts';
import { FORWARD_PARAMS, forwardSeveral } from '../sending/forward-messages.ts';

export const forwardMessages = defineBotMethod({
  method: 'forwardMessages',
  params: FORWARD_PARAMS,
  sends: (params) => countListed(params, 'message_ids', 'message identifiers'),
  run: (call, params) => forwardSeveral(call, params, {}),
});
