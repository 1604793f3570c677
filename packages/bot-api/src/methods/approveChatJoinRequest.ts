import { decideJoinRequest } from '../chats/decide-join-request.ts';
import { defineBotMethod } from '../define-bot-method.ts';

export const approveChatJoinRequest = defineBotMethod({
  method: 'approveChatJoinRequest',
  params: ['chat_id', 'user_id'],
  run: (call, params) => decideJoinRequest(call, params, true),
});
