import { defineBotMethod } from '../define-bot-method.ts';
import { oneMessage } from '../sending/count-messages.ts';
import { readMessageText, TEXT_PARAMS } from '../sending/read-message-text.ts';
import { CONTENT_PARAMS, sendMessageOf } from '../sending/send-content.ts';

export const sendMessage = defineBotMethod({
  method: 'sendMessage',
  params: [...CONTENT_PARAMS, ...TEXT_PARAMS],
  sends: oneMessage,
  run: (call, params) => sendMessageOf(call, params, readMessageText(params)),
});
