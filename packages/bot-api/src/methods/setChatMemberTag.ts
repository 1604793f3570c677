import { badRequest } from '../bot-error.ts';
import { accessChat, isChannel } from '../chats/bot-chat.ts';
import { findMember, readMember, UNKNOWN_MEMBER } from '../chats/chat-member.ts';
import { isRpcError, telling } from '../chats/tell.ts';
import { defineBotMethod } from '../define-bot-method.ts';

/** Sets what stands beside the name of a member of a basic group. In supergroups this server has that for admins only. */
export const setChatMemberTag = defineBotMethod({
  method: 'setChatMemberTag',
  params: ['chat_id', 'user_id', 'tag'],
  async run(call, params) {
    const chat = await accessChat(call, params);
    const member = await readMember(call, params, chat);
    if (chat.kind === 'private' || chat.kind === 'channel') throw badRequest('method is available only for groups and supergroups');
    if (isChannel(chat)) throw badRequest('members of supergroups have no tags on this server');
    const { participant } = await findMember(call, chat, member);
    if (participant === undefined) throw badRequest('user is not a member of the chat');
    try {
      await telling(call.invoke({ _: 'messages.editChatParticipantRank', peer: chat.peer, participant: member.peer, rank: params.text('tag') }), {
        ...UNKNOWN_MEMBER,
        CHAT_ADMIN_REQUIRED: 'not enough rights to change tag of the user',
      });
    } catch (error) {
      // A tag is set, not changed: the same again is no mistake.
      if (!isRpcError(error, 'CHAT_NOT_MODIFIED')) throw error;
    }
    return true;
  },
});
