import { defineBotMethod } from '../define-bot-method.ts';
import { CONTENT_PARAMS, sendMessageOf } from '../sending/send-content.ts';

const USUAL_DIE = '🎲';

export const sendDice = defineBotMethod({
  method: 'sendDice',
  params: [...CONTENT_PARAMS, 'emoji'],
  sends: () => 1,
  run: (call, params) => sendMessageOf(call, params, { message: '', entities: [], media: { _: 'inputMediaDice', emoticon: params.text('emoji') || USUAL_DIE } }),
});
