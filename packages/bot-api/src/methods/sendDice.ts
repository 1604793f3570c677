import { defineBotMethod } from '../define-bot-method.ts';
import { oneMessage } from '../sending/count-messages.ts';
import { CONTENT_PARAMS, sendMessageOf } from '../sending/send-content.ts';

const USUAL_DIE = '🎲';

export const sendDice = defineBotMethod({
  method: 'sendDice',
  params: [...CONTENT_PARAMS, 'emoji'],
  sends: oneMessage,
  run: (call, params) => sendMessageOf(call, params, { message: '', entities: [], media: { _: 'inputMediaDice', emoticon: params.text('emoji') || USUAL_DIE } }),
});
