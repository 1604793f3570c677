import { badRequest } from '../bot-error.ts';
import { accessChat } from '../chats/bot-chat.ts';
import { findMember, readMember, UNKNOWN_MEMBER } from '../chats/chat-member.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { renameErrors, unlessSame } from '../rename-errors.ts';

/** Sets what stands beside the name of a member of a group. */
export const setChatMemberTag = defineBotMethod({
  method: 'setChatMemberTag',
  params: ['chat_id', 'user_id', 'tag'],
  async run(call, params) {
    const chat = await accessChat(call, params);
    const member = await readMember(call, params, chat);
    if (chat.kind === 'private' || chat.kind === 'channel') throw badRequest('method is available only for groups and supergroups');
    const { participant } = await findMember(call, chat, member);
    if (participant === undefined) throw badRequest('user is not a member of the chat');
    await unlessSame(
      renameErrors(call.invoke({ _: 'messages.editChatParticipantRank', peer: chat.peer, participant: member.peer, rank: params.text('tag') }), {
        ...UNKNOWN_MEMBER,
        USER_NOT_PARTICIPANT: 'user is not a member of the chat',
        CHAT_ADMIN_REQUIRED: 'not enough rights to change tag of the user',
      }),
    );
    return true;
  },
});
