import { banSender, SENDER_PARAMS } from '../chats/ban-sender.ts';
import { defineBotMethod } from '../define-bot-method.ts';

export const banChatSenderChat = defineBotMethod({ method: 'banChatSenderChat', params: SENDER_PARAMS, run: (call, params) => banSender(call, params, true) });
