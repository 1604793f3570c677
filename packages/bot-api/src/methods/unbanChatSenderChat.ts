import { banSender, SENDER_PARAMS } from '../chats/ban-sender.ts';
import { defineBotMethod } from '../define-bot-method.ts';

export const unbanChatSenderChat = defineBotMethod({ method: 'unbanChatSenderChat', params: SENDER_PARAMS, run: (call, params) => banSender(call, params, false) });
