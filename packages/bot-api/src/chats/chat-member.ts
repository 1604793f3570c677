import { AdminRight } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import { KnownPeers } from '../objects/index.ts';
import { readUser } from '../params/chat-id.ts';
import type { Params } from '../params/params.ts';
import type { BotChannel, BotChat } from './bot-chat.ts';
import { isRpcError, telling } from './tell.ts';

/** What the Bot API says of somebody whom the bot does not know. */
export const UNKNOWN_MEMBER = { USER_ID_INVALID: 'PARTICIPANT_ID_INVALID', PEER_ID_INVALID: 'PARTICIPANT_ID_INVALID' } as const;

/** Somebody whom a request names, who may be a member of a chat. */
export interface NamedMember {
  userId: bigint;
  user: tl.inputUser;
  peer: tl.inputPeerUser;
  isSelf: boolean;
}

/**
 * Reads `user_id` as that of somebody in a chat. Besides the people to whom a bot may write, it knows those who are or were in a chat that it is in.
 * @throws BotError 400 `invalid user_id specified`
 */
export async function readMember(call: BotCall, params: Params<'user_id'>, chat: BotChat): Promise<NamedMember> {
  const { botId, domain } = call;
  const { user_id } = readUser(params, 'user_id');
  const access_hash = (await isShownMember(call, chat, user_id)) ? domain.accessHashes.of('user', botId, user_id) : 0n;
  return { userId: user_id, user: { _: 'inputUser', user_id, access_hash }, peer: { _: 'inputPeerUser', user_id, access_hash }, isSelf: user_id === botId };
}

/** Whether somebody is or was in a chat, as far as the bot may know. Only admins learn of anonymous admins, of the members of channels, and of those of groups that hide them. */
async function isShownMember({ domain, invoke }: BotCall, chat: BotChat, userId: bigint): Promise<boolean> {
  if (chat.kind === 'private') return false;
  const row = await domain.chats.findMember(chat.markedId, userId);
  if (row === undefined) return false;
  if (chat.kind === 'group' || chat.chat.admin_rights !== undefined) return true;
  const isAnonymous = row.status === 'member' && 'admin_rights' in row && (row.admin_rights & AdminRight.anonymous) !== 0;
  if (chat.kind === 'channel' || isAnonymous) return false;
  const { full_chat: full } = await invoke({ _: 'channels.getFullChannel', channel: chat.channel });
  return full._ === 'channelFull' && full.participants_hidden !== true;
}

/** What is known of somebody in a chat. */
interface FoundMember {
  /** Undefined for those who were never in a channel, and those who are not in a basic group. */
  participant: tl.ChannelParticipant | tl.ChatParticipant | undefined;
  peers: KnownPeers;
}

/**
 * Finds somebody in a chat of several people.
 * @throws BotError 400 `PARTICIPANT_ID_INVALID`, `member list is inaccessible` in channels where the bot is no admin
 */
export async function findMember(call: BotCall, chat: Exclude<BotChat, { kind: 'private' }>, member: NamedMember): Promise<FoundMember> {
  const found = chat.kind === 'group' ? await findGroupMember(call, chat.chatId, member.userId) : await findChannelMember(call, chat, member);
  if (!found.peers.hasUser(member.userId)) {
    const users = await call.invoke({ _: 'users.getUsers', id: [member.user] });
    // A user whom the bot does not know is there without a name.
    if (!users.some((user) => user._ === 'user')) throw badRequest('PARTICIPANT_ID_INVALID');
    found.peers.add(users);
  }
  return found;
}

async function findGroupMember({ invoke }: BotCall, chatId: bigint, userId: bigint): Promise<FoundMember> {
  const answer = await invoke({ _: 'messages.getFullChat', chat_id: chatId });
  return { participant: participantsIn(answer).find((one) => one.user_id === userId), peers: new KnownPeers(answer) };
}

/** The members of a basic group that its full information lists. */
export function participantsIn({ full_chat: full }: tl.messages.ChatFull): tl.ChatParticipant[] {
  return full._ === 'chatFull' && full.participants._ === 'chatParticipants' ? full.participants.participants : [];
}

async function findChannelMember({ invoke }: BotCall, { kind, channel }: BotChannel, { peer }: NamedMember): Promise<FoundMember> {
  try {
    const texts = { ...UNKNOWN_MEMBER, ...(kind === 'channel' && { CHAT_ADMIN_REQUIRED: 'member list is inaccessible' }) };
    const answer = await telling(invoke({ _: 'channels.getParticipant', channel, participant: peer }), texts);
    return { participant: answer.participant, peers: new KnownPeers(answer) };
  } catch (error) {
    if (!isRpcError(error, 'USER_NOT_PARTICIPANT')) throw error;
    return { participant: undefined, peers: new KnownPeers() };
  }
}

/** Whether somebody owns the chat. */
export const isOwner = ({ participant }: FoundMember): boolean => participant?._ === 'channelParticipantCreator' || participant?._ === 'chatParticipantCreator';
