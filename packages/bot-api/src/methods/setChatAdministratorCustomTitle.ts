import { badRequest } from '../bot-error.ts';
import { accessChat } from '../chats/bot-chat.ts';
import { findMember, isOwner, readMember } from '../chats/chat-member.ts';
import { telling } from '../chats/tell.ts';
import { defineBotMethod } from '../define-bot-method.ts';

export const setChatAdministratorCustomTitle = defineBotMethod({
  method: 'setChatAdministratorCustomTitle',
  params: ['chat_id', 'user_id', 'custom_title'],
  async run(call, params) {
    const chat = await accessChat(call, params);
    const member = await readMember(call, params, chat);
    if (chat.kind !== 'supergroup') throw badRequest('method is available only for supergroups');
    const found = await findMember(call, chat, member);
    if (isOwner(found)) throw badRequest('only the owner can edit their custom title');
    const { participant } = found;
    if (participant?._ !== 'channelParticipantAdmin') throw badRequest('user is not an administrator');
    const refused = 'not enough rights to change custom title of the user';
    if (participant.can_edit !== true) throw badRequest(refused);
    const { admin_rights } = participant;
    await telling(call.invoke({ _: 'channels.editAdmin', channel: chat.channel, user_id: member.user, admin_rights, rank: params.text('custom_title') }), { CHAT_ADMIN_REQUIRED: refused, RIGHT_FORBIDDEN: refused });
    return true;
  },
});
