import { hashOfInviteLink } from '@aerogram/domain';
import { markPeer, unmarkPeer } from '@aerogram/cluster';
import { RpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { KitError } from '../kit-error.ts';
import { type Chat, findChat, findUser, inputChannelOf, inputPeerOf, inputUserOf } from './find-chat.ts';
import { KnownNames } from './known-names.ts';
import type { Person } from './person.ts';

/** What an admin may do, as TL names it. */
export const ADMIN_RIGHTS = [
  'change_info', 'post_messages', 'edit_messages', 'delete_messages', 'ban_users', 'invite_users', 'pin_messages', 'add_admins', 'anonymous', 'manage_call', 'other', 'manage_topics',
] as const satisfies readonly (keyof tl.chatAdminRights)[];

/** What an admin may do. */
export type AdminRight = (typeof ADMIN_RIGHTS)[number];

/** What new admins may do unless a test says something else. */
const USUAL_RIGHTS: readonly AdminRight[] = ADMIN_RIGHTS.filter((right) => right !== 'anonymous' && right !== 'add_admins' && right !== 'manage_topics');

/** Most members that are listed. */
const LISTED_MAX = 200;

type UserChat = Chat & { input: tl.inputPeerUser };

/** A member of a group or channel. */
export interface Member {
  id: string;
  name: string;
  username?: string | undefined;
  role: 'creator' | 'admin' | 'member';
}

/** Makes a group with members. @returns its marked id @throws KitError `invalid`, `refused` */
export async function createGroup(person: Person, { title, members, kind }: { title: string; members: readonly string[]; kind: 'basic' | 'supergroup' }): Promise<bigint> {
  const users = await Promise.all(members.map((member) => findUser(person, member)));
  if (kind === 'supergroup') {
    const peerId = noteChat(person, await person.invoke({ _: 'channels.createChannel', megagroup: true, title, about: '' }));
    if (users.length > 0) await inviteAll(person, chatAt(person, peerId), users);
    return peerId;
  }
  const { updates, missing_invitees: missing } = await person.invoke({ _: 'messages.createChat', users: users.map(({ input }) => inputUserOf(input)), title });
  const peerId = noteChat(person, updates);
  checkInvited(person, users, missing);
  return peerId;
}

/** Makes a channel. @param username undefined for a private one @returns its marked id @throws KitError `refused` */
export async function createChannel(person: Person, { title, username }: { title: string; username?: string | undefined }): Promise<bigint> {
  const peerId = noteChat(person, await person.invoke({ _: 'channels.createChannel', broadcast: true, title, about: '' }));
  const channel = inputChannelOf(chatAt(person, peerId).input)!;
  if (username !== undefined) await person.invoke({ _: 'channels.updateUsername', channel, username: username.replace(/^@/, '') });
  return peerId;
}

/** Joins a public group or channel, or what a link leads to. @returns its marked id @throws KitError `invalid`, `refused` */
export async function join(person: Person, { chat, link }: { chat?: string | undefined; link?: string | undefined }): Promise<bigint> {
  if (link !== undefined) {
    const joined = await person.invoke({ _: 'messages.importChatInvite', hash: readLink(link) });
    const found = joined._ === 'messages.chatInviteJoinResultOk' ? chatOf(joined.updates) : undefined;
    if (found === undefined) throw new Error('the answer of a join has no chat');
    return found;
  }
  if (chat === undefined) throw new KitError('invalid', 'Say what to join: chat or link');
  const { peerId, input, name } = await findChat(person, chat);
  const channel = inputChannelOf(input);
  if (channel === undefined) throw new KitError('invalid', `${name} is no supergroup or channel, so nobody can join it without a link`);
  await person.invoke({ _: 'channels.joinChannel', channel });
  return peerId;
}

/** Leaves a group or channel. @throws KitError `invalid`, `refused` */
export async function leave(person: Person, chat: Chat): Promise<void> {
  const { input } = chat;
  if (input._ === 'inputPeerChannel') await person.invoke({ _: 'channels.leaveChannel', channel: inputChannelOf(input)! });
  else await person.invoke({ _: 'messages.deleteChatUser', chat_id: chatIdOf(chat), user_id: { _: 'inputUserSelf' } });
}

/** Adds somebody. @throws KitError `invalid`, `refused` */
export async function invite(person: Person, chat: Chat, user: UserChat): Promise<void> {
  if (chat.input._ === 'inputPeerChannel') return inviteAll(person, chat, [user]);
  const { missing_invitees: missing } = await person.invoke({ _: 'messages.addChatUser', chat_id: chatIdOf(chat), user_id: inputUserOf(user.input), fwd_limit: 100 });
  checkInvited(person, [user], missing);
}

/** Removes somebody, for good from a supergroup or channel. @throws KitError `invalid`, `refused` */
export async function kick(person: Person, chat: Chat, user: UserChat): Promise<void> {
  const channel = inputChannelOf(chat.input);
  if (channel === undefined) await person.invoke({ _: 'messages.deleteChatUser', chat_id: chatIdOf(chat), user_id: inputUserOf(user.input) });
  else await person.invoke({ _: 'channels.editBanned', channel, participant: user.input, banned_rights: { _: 'chatBannedRights', view_messages: true, until_date: 0 } });
}

/** Makes somebody an admin. @param rights undefined: the usual ones; none: no admin any more @throws KitError `invalid`, `refused` */
export async function promote(person: Person, chat: Chat, user: UserChat, rights: readonly AdminRight[] = USUAL_RIGHTS): Promise<void> {
  const channel = inputChannelOf(chat.input);
  const admin_rights: tl.chatAdminRights = { _: 'chatAdminRights' };
  for (const right of rights) admin_rights[right] = true;
  if (channel === undefined) await person.invoke({ _: 'messages.editChatAdmin', chat_id: chatIdOf(chat), user_id: inputUserOf(user.input), is_admin: rights.length > 0 });
  else await person.invoke({ _: 'channels.editAdmin', channel, user_id: inputUserOf(user.input), admin_rights, rank: '' });
}

/** Makes an invite link. @throws KitError `refused` */
export async function makeLink(person: Person, chat: Chat): Promise<string> {
  const invite = await person.invoke({ _: 'messages.exportChatInvite', peer: chat.input });
  if (invite._ !== 'chatInviteExported') throw new Error('the answer has no link');
  return invite.link;
}

/** Lists the members of a group or channel, at most 200. @throws KitError `invalid`, `refused` */
export async function listMembers(person: Person, chat: Chat): Promise<Member[]> {
  const channel = inputChannelOf(chat.input);
  if (channel === undefined) {
    const { full_chat: full, users, chats } = await person.invoke({ _: 'messages.getFullChat', chat_id: chatIdOf(chat) });
    const names = new KnownNames({ users, chats });
    const participants = full._ === 'chatFull' && full.participants._ === 'chatParticipants' ? full.participants.participants : [];
    return participants.map((one) => ({ ...names.of({ _: 'peerUser', user_id: one.user_id }), role: roleOf(one._) }));
  }
  const found = await person.invoke({ _: 'channels.getParticipants', channel, filter: { _: 'channelParticipantsRecent' }, offset: 0, limit: LISTED_MAX, hash: 0n });
  if (found._ !== 'channels.channelParticipants') return [];
  const names = new KnownNames(found);
  return found.participants.flatMap((one) => ('user_id' in one ? [{ ...names.of({ _: 'peerUser', user_id: one.user_id }), role: roleOf(one._) }] : []));
}

/** Deletes a group or channel that this person has made, as far as it is still there. @param peerId marked id */
export async function deleteChat(person: Person, peerId: bigint): Promise<void> {
  const { input } = chatAt(person, peerId);
  const channel = inputChannelOf(input);
  const deleted = channel === undefined ? person.invoke({ _: 'messages.deleteChat', chat_id: -peerId }) : person.invoke({ _: 'channels.deleteChannel', channel });
  await deleted.catch((error: unknown) => {
    if (!(error instanceof KitError)) throw error;
  });
}

function readLink(link: string): string {
  try {
    return hashOfInviteLink(link);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    throw new KitError('invalid', `${JSON.stringify(link)} is no invite link`);
  }
}

function chatAt(person: Person, peerId: bigint): Chat {
  return { peerId, input: inputPeerOf(person, unmarkPeer(peerId)), name: String(peerId) };
}

function chatIdOf({ input, name }: Chat): bigint {
  if (input._ !== 'inputPeerChat') throw new KitError('invalid', `${name} is no group or channel`);
  return input.chat_id;
}

function roleOf(kind: string): Member['role'] {
  if (kind.endsWith('Creator')) return 'creator';
  return kind.endsWith('Admin') ? 'admin' : 'member';
}

async function inviteAll(person: Person, chat: Chat, users: readonly UserChat[]): Promise<void> {
  const { missing_invitees: missing } = await person.invoke({ _: 'channels.inviteToChannel', channel: inputChannelOf(chat.input)!, users: users.map(({ input }) => inputUserOf(input)) });
  checkInvited(person, users, missing);
}

/** @throws KitError `refused` when somebody does not want to be added */
function checkInvited(person: Person, users: readonly UserChat[], missing: readonly tl.MissingInvitee[]): void {
  const names = users.filter(({ peerId }) => missing.some((one) => one.user_id === peerId)).map(({ name }) => name);
  if (missing.length > 0) throw new KitError('refused', `${person.name} may not add ${names.join(', ')}`, { refusal: 'USER_PRIVACY_RESTRICTED' });
}

/** Calls a method that may make a group or channel, which then belongs to the set of the person. @throws KitError `refused` */
export async function invokeNoting(person: Person, request: tl.AnyMethod): Promise<unknown> {
  const answer = await person.invoke(request);
  if (request._ === 'messages.createChat') noteChat(person, (answer as tl.messages.invitedUsers).updates);
  if (request._ === 'channels.createChannel' || request._ === 'messages.migrateChat') noteChat(person, answer as tl.Updates);
  return answer;
}

function noteChat(person: Person, updates: tl.Updates): bigint {
  const peerId = chatOf(updates);
  if (peerId === undefined) throw new Error('the answer has no chat');
  person.set.addChat(peerId, person);
  return peerId;
}

function chatOf(updates: tl.Updates): bigint | undefined {
  // A group that has become a supergroup comes with it.
  const chats = 'chats' in updates ? updates.chats : [];
  const chat = chats.find(({ _ }) => _ === 'channel') ?? chats[0];
  if (chat?._ === 'channel') return markPeer({ _: 'peerChannel', channel_id: chat.id });
  return chat?._ === 'chat' ? markPeer({ _: 'peerChat', chat_id: chat.id }) : undefined;
}
