import { defineBotMethod } from '../define-bot-method.ts';
import { readMessageIds } from '../params/message-ids.ts';
import { FORWARD_PARAMS, forwardSeveral } from '../sending/forward-messages.ts';

export const forwardMessages = defineBotMethod({
  method: 'forwardMessages',
  params: FORWARD_PARAMS,
  sends: (params) => readMessageIds(params).length,
  run: (call, params) => forwardSeveral(call, params, {}),
});
