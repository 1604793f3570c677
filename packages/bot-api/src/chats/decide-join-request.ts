import type { BotCall } from '../bot-call.ts';
import { readUser } from '../params/chat-id.ts';
import type { Params } from '../params/params.ts';
import { accessInvitingChat } from './invite-links.ts';
import { telling } from './tell.ts';

/** Those whom the bot must not learn anything about have no request. */
const DECISION_TEXTS = {
  CHAT_ADMIN_REQUIRED: 'not enough rights to manage chat join requests',
  USER_ID_INVALID: 'HIDE_REQUESTER_MISSING',
  INPUT_USER_DEACTIVATED: 'HIDE_REQUESTER_MISSING',
} as const;

/** Approves or declines the join request of `user_id`. */
export async function decideJoinRequest(call: BotCall, params: Params<'chat_id' | 'user_id'>, approved: boolean): Promise<true> {
  const { user_id } = readUser(params, 'user_id');
  const { peer } = await accessInvitingChat(call, params);
  // Who asks to be let in needs not have written to the bot. The call answers nothing about others.
  const access_hash = call.domain.accessHashes.of('user', call.botId, user_id);
  await telling(call.invoke({ _: 'messages.hideChatJoinRequest', peer, user_id: { _: 'inputUser', user_id, access_hash }, approved: approved || undefined }), DECISION_TEXTS);
  return true;
}
