import { defineBotMethod } from '../define-bot-method.ts';
import { readMessageIds } from '../params/message-ids.ts';
import { FORWARD_PARAMS, forwardSeveral } from '../sending/forward-messages.ts';

export const copyMessages = defineBotMethod({
  method: 'copyMessages',
  params: [...FORWARD_PARAMS, 'remove_caption'],
  sends: (params) => readMessageIds(params).length,
  run: (call, params) => forwardSeveral(call, params, { asCopies: true, withoutCaptions: params.bool('remove_caption') }),
});
