import type { Actor, BotHttp } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { type MadeBot, makeBot, write } from './bot-stage.ts';
import { createChannel, inviteTo } from './channel-stage.ts';
import { CheckedBot } from './checked-bot.ts';
import { createGroup, type Group } from './group-stage.ts';
import type { Scenario } from './scenario.ts';

/** A bot over HTTP that is an admin of one chat of each kind. */
export interface BotChats {
  made: MadeBot;
  bot: BotHttp;
  /** Owns the chats, and has started the bot. */
  owner: Actor;
  /** A member of all of the chats. */
  friend: Actor;
  /** A member of none. */
  stranger: Actor;
  group: Group;
  /** Marked. */
  supergroup: number;
  /** Marked. */
  channel: number;
}

/** What the bot may do. */
const RIGHTS: Partial<tl.RawChatAdminRights> = { changeInfo: true, deleteMessages: true, banUsers: true, inviteUsers: true, pinMessages: true, addAdmins: true, manageCall: true };
const CHANNEL_RIGHTS: Partial<tl.RawChatAdminRights> = { ...RIGHTS, pinMessages: false, postMessages: true, editMessages: true };

/** Makes the bot, the people and the chats. */
export async function botChats(scenario: Scenario): Promise<BotChats> {
  const [owner, friend, stranger] = [await scenario.world.user('Owner'), await scenario.world.user('Friend'), await scenario.world.user('Stranger')];
  const made = await makeBot(scenario, 'Chats_bot');
  await write(owner, made, '/start');
  const userId = owner.main.inputUser(made.id);
  const group = await createGroup(owner, [friend]);
  await owner.main.invite({ _: 'messages.addChatUser', chatId: group.id, userId, fwdLimit: 0 });
  await owner.main.change({ _: 'messages.editChatAdmin', chatId: group.id, userId, isAdmin: true });
  const supergroup = await createChannel(owner);
  await inviteTo(owner, supergroup, [friend]);
  await owner.main.invite({ _: 'channels.inviteToChannel', channel: owner.main.inputChannel(supergroup), users: [userId] });
  await promoteBotIn(owner, supergroup, made, { ...RIGHTS, manageRanks: true });
  const channel = await createChannel(owner, 'broadcast', 'News');
  await inviteTo(owner, channel, [friend]);
  await promoteBotIn(owner, channel, made, CHANNEL_RIGHTS);
  return { made, bot: new CheckedBot(scenario.server, made.token), owner, friend, stranger, group, supergroup, channel };
}

/** Makes a bot an admin of a supergroup or channel; without rights, no longer. */
export async function promoteBotIn(owner: Actor, id: number, bot: Pick<MadeBot, 'id'>, rights: Partial<tl.RawChatAdminRights>): Promise<void> {
  await owner.main.change({ _: 'channels.editAdmin', channel: owner.main.inputChannel(id), userId: owner.main.inputUser(bot.id), adminRights: { _: 'chatAdminRights', ...rights }, rank: '' });
}

/** The methods about chats, each with parameters that are right. The one for the photo needs a file, which is not here. */
export function rightParams({ friend, stranger, channel }: Pick<BotChats, 'friend' | 'stranger' | 'channel'>): Record<string, Record<string, unknown>> {
  const [user_id, sender_chat_id, permissions] = [friend.id, channel, {}];
  return {
    getChat: {}, getChatAdministrators: {}, getChatMemberCount: {}, getChatMember: { user_id },
    banChatMember: { user_id: stranger.id }, unbanChatMember: { user_id }, restrictChatMember: { user_id, permissions },
    promoteChatMember: { user_id }, setChatAdministratorCustomTitle: { user_id, custom_title: 'x' }, setChatMemberTag: { user_id, tag: 'x' },
    banChatSenderChat: { sender_chat_id }, unbanChatSenderChat: { sender_chat_id }, setChatPermissions: { permissions },
    exportChatInviteLink: {}, createChatInviteLink: {}, editChatInviteLink: { invite_link: 'x' }, revokeChatInviteLink: { invite_link: 'x' },
    approveChatJoinRequest: { user_id }, declineChatJoinRequest: { user_id }, setChatPhoto: {}, deleteChatPhoto: {},
    setChatTitle: { title: 'x' }, setChatDescription: { description: 'x' }, pinChatMessage: { message_id: 1 }, unpinChatMessage: { message_id: 1 },
    unpinAllChatMessages: {}, leaveChat: {}, getUserProfilePhotos: { user_id }, getUserProfileAudios: { user_id },
  };
}

/** How the owner sees a member of a supergroup or channel. */
export async function participantIn(owner: Actor, id: number, who: { id: number }): Promise<tl.TypeChannelParticipant> {
  return (await owner.main.call({ _: 'channels.getParticipant', channel: owner.main.inputChannel(id), participant: owner.main.inputPeer(who.id) })).participant;
}

/** A supergroup or channel as the owner sees it. */
export async function fullChannel(owner: Actor, id: number): Promise<tl.RawChannelFull> {
  return (await owner.main.call({ _: 'channels.getFullChannel', channel: owner.main.inputChannel(id) })).fullChat as tl.RawChannelFull;
}

/** The title of a chat as the owner sees it. @param id marked */
export async function titleOf(owner: Actor, id: number): Promise<string | undefined> {
  const isGroup = id > -1_000_000_000_000;
  const { chats } = await (isGroup ? owner.main.call({ _: 'messages.getChats', id: [-id] }) : owner.main.call({ _: 'channels.getChannels', id: [owner.main.inputChannel(id)] }));
  const [chat] = chats;
  return chat !== undefined && 'title' in chat ? chat.title : undefined;
}

/** What a bot is told that is an ordinary member of a supergroup, by method and parameters. */
export function lackedRights({ friend, photo, message_id }: Pick<BotChats, 'friend'> & { photo: File; message_id: number }): [method: string, params: object, text: string][] {
  return [
    ['banChatMember', { user_id: friend.id }, 'not enough rights to restrict/unrestrict chat member'],
    ['restrictChatMember', { user_id: friend.id, permissions: {} }, 'not enough rights to restrict/unrestrict chat member'],
    ['unbanChatMember', { user_id: friend.id }, 'not enough rights to restrict/unrestrict chat member'],
    ['promoteChatMember', { user_id: friend.id, can_pin_messages: true }, 'not enough rights'],
    ['setChatPermissions', { permissions: {} }, 'not enough rights to change chat permissions'],
    ['setChatTitle', { title: 'Mine' }, 'not enough rights to change chat title'],
    ['setChatDescription', { description: 'Mine' }, 'not enough rights to set chat description'],
    ['setChatPhoto', { photo }, 'not enough rights to change chat photo'],
    ['pinChatMessage', { message_id }, 'not enough rights to manage pinned messages in the chat'],
    ['unpinAllChatMessages', {}, 'not enough rights to manage pinned messages in the chat'],
    ['exportChatInviteLink', {}, 'not enough rights to manage chat invite link'],
    ['approveChatJoinRequest', { user_id: friend.id }, 'not enough rights to manage chat join requests'],
  ];
}

/** Parameters into which senseless values are put, by method. */
export const PLACES_OF_VALUES: [method: string, ...names: string[]][] = [
  ['getChatMember', 'user_id'], ['banChatMember', 'user_id', 'until_date'], ['restrictChatMember', 'until_date', 'permissions'], ['setChatAdministratorCustomTitle', 'custom_title'],
  ['banChatSenderChat', 'sender_chat_id'], ['createChatInviteLink', 'name', 'expire_date', 'member_limit'], ['editChatInviteLink', 'invite_link'], ['approveChatJoinRequest', 'user_id'],
  ['setChatTitle', 'title'], ['setChatDescription', 'description'], ['pinChatMessage', 'message_id'], ['getUserProfilePhotos', 'user_id', 'offset', 'limit'], ['getUserProfileAudios', 'user_id', 'offset', 'limit'],
];
