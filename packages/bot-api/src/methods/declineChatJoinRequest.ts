import { decideJoinRequest } from '../chats/decide-join-request.ts';
import { defineBotMethod } from '../define-bot-method.ts';

export const declineChatJoinRequest = defineBotMethod({
  method: 'declineChatJoinRequest',
  params: ['chat_id', 'user_id'],
  run: (call, params) => decideJoinRequest(call, params, false),
});
