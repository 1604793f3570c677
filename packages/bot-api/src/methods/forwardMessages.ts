import { defineBotMethod } from '../define-bot-method.ts';
import { FORWARD_PARAMS, forwardSeveral } from '../sending/forward-messages.ts';

export const forwardMessages = defineBotMethod({
  method: 'forwardMessages',
  params: FORWARD_PARAMS,
  run: (call, params) => forwardSeveral(call, params, {}),
});
