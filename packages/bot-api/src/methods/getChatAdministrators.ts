import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import { accessChat, type BotChannel } from '../chats/bot-chat.ts';
import { participantsIn } from '../chats/chat-member.ts';
import { telling } from '../chats/tell.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { KnownPeers, projectMember } from '../objects/index.ts';

/** Maximum number of admins in an answer. */
const ADMINS_MAX = 200;

export const getChatAdministrators = defineBotMethod({
  method: 'getChatAdministrators',
  params: ['chat_id', 'return_bots'],
  async run(call, params) {
    const chat = await accessChat(call, params, 'read');
    if (chat.kind === 'private') throw badRequest('there are no administrators in the private chat');
    const { admins, peers, botIds } = chat.kind === 'group' ? await listInGroup(call, chat.chatId) : await listInChannel(call, chat);
    const showsBots = params.bool('return_bots');
    const shown = admins.filter(({ user_id: id }) => showsBots || id === call.botId || !botIds.has(id));
    return shown.map((participant) => projectMember(participant, { peers, kind: chat.kind, userId: participant.user_id }));
  },
});

interface Admins {
  admins: (tl.chatParticipantCreator | tl.chatParticipantAdmin | tl.channelParticipantCreator | tl.channelParticipantAdmin)[];
  peers: KnownPeers;
  botIds: ReadonlySet<bigint>;
}

/** The users that come with a list of members. */
const usersOf = (answer: { users: tl.User[]; chats: tl.Chat[] }): Pick<Admins, 'peers' | 'botIds'> => ({
  peers: new KnownPeers(answer),
  botIds: new Set(answer.users.flatMap((user) => (user._ === 'user' && user.bot === true ? [user.id] : []))),
});

async function listInGroup({ invoke }: BotCall, chatId: bigint): Promise<Admins> {
  const answer = await invoke({ _: 'messages.getFullChat', chat_id: chatId });
  return { admins: participantsIn(answer).filter((one) => one._ !== 'chatParticipant'), ...usersOf(answer) };
}

async function listInChannel({ invoke }: BotCall, { channel }: BotChannel): Promise<Admins> {
  const request = invoke({ _: 'channels.getParticipants', channel, filter: { _: 'channelParticipantsAdmins' }, offset: 0, limit: ADMINS_MAX, hash: 0n });
  const answer = await telling(request, { CHAT_ADMIN_REQUIRED: 'member list is inaccessible' });
  if (answer._ !== 'channels.channelParticipants') return { admins: [], ...usersOf({ users: [], chats: [] }) };
  const admins = answer.participants.filter((one) => one._ === 'channelParticipantCreator' || one._ === 'channelParticipantAdmin');
  return { admins, ...usersOf(answer) };
}
