import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import { accessChat, type BotChat } from '../chats/bot-chat.ts';
import { type NamedMember, readMember } from '../chats/chat-member.ts';
import { checkOther, refuseOwner, RESTRICT_TEXTS, restrictMember } from '../chats/restrict-member.ts';
import { isRpcError, telling } from '../chats/tell.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { readInt32 } from '../params/int32.ts';

export const banChatMember = defineBotMethod({
  method: 'banChatMember',
  params: ['chat_id', 'user_id', 'until_date', 'revoke_messages'],
  async run(call, params) {
    const chat = await accessChat(call, params);
    const member = await readMember(call, params, chat);
    if (chat.kind === 'private') throw badRequest("can't ban members in private chats");
    if (chat.kind === 'group') await removeFromGroup(call, chat, { member, revokes: params.bool('revoke_messages') });
    else await restrictMember(call, chat, { member, rights: { _: 'chatBannedRights', view_messages: true, until_date: readInt32(params, 'until_date') } });
    return true;
  },
});

/** Whoever is removed from a basic group can be added again, but does not come back without that. */
async function removeFromGroup(call: BotCall, chat: Extract<BotChat, { kind: 'group' }>, { member, revokes }: { member: NamedMember; revokes: boolean }): Promise<void> {
  checkOther(member);
  try {
    await call.invoke({ _: 'messages.deleteChatUser', chat_id: chat.chatId, user_id: member.user, revoke_history: revokes || undefined });
  } catch (error) {
    if (isRpcError(error, 'CHAT_ADMIN_REQUIRED')) {
      await refuseOwner(call, chat, member);
      if (chat.chat.admin_rights !== undefined) throw badRequest('user is an administrator of the chat');
    }
    await telling(Promise.reject(error as Error), RESTRICT_TEXTS);
  }
}
