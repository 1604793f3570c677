import { badRequest } from '../bot-error.ts';
import { accessChat, isChannel } from '../chats/bot-chat.ts';
import { findMember, readMember } from '../chats/chat-member.ts';
import { restrictMember } from '../chats/restrict-member.ts';
import { defineBotMethod } from '../define-bot-method.ts';

/** How long a member who is taken out stays banned, in seconds, if the server stops before the ban is ended. */
const REMOVAL_S = 60;

/** Ends a ban. Members are taken out, unless `only_if_banned` is set. */
export const unbanChatMember = defineBotMethod({
  method: 'unbanChatMember',
  params: ['chat_id', 'user_id', 'only_if_banned'],
  async run(call, params) {
    const chat = await accessChat(call, params);
    const member = await readMember(call, params, chat);
    if (!isChannel(chat)) throw badRequest('method is available for supergroup and channel chats only');
    const { participant } = await findMember(call, chat, member);
    const isBanned = participant?._ === 'channelParticipantBanned' && participant.banned_rights.view_messages === true;
    if (params.bool('only_if_banned') && !isBanned) return true;
    const isIn = participant !== undefined && !isBanned && participant._ !== 'channelParticipantLeft' && !(participant._ === 'channelParticipantBanned' && participant.left === true);
    if (isIn) await restrictMember(call, chat, { member, rights: { _: 'chatBannedRights', view_messages: true, until_date: call.clock.now() + REMOVAL_S } });
    await restrictMember(call, chat, { member, rights: { _: 'chatBannedRights', until_date: 0 } });
    return true;
  },
});
