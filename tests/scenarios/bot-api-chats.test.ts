import type { Actor, BotHttp } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { botChats, fullChannel, lackedRights, participantIn, PLACES_OF_VALUES, promoteBotIn, rightParams, titleOf } from './bot-api-chats-stage.ts';
import { type MadeBot, makeBot } from './bot-stage.ts';
import { createChannel, inviteTo, knowsChannel, losesChannel, postIn } from './channel-stage.ts';
import { CheckedBot } from './checked-bot.ts';
import { createGroup, type Group, write as writeIn } from './group-stage.ts';
import { enter, refusalOf } from './invite-stage.ts';
import { makePicture } from './photo-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
let made: MadeBot;
let bot: BotHttp;
let owner: Actor;
let friend: Actor;
let stranger: Actor;
let group: Group;
let supergroup: number;
let channel: number;
beforeAll(async () => {
  scenario = await startScenario();
  ({ made, bot, owner, friend, stranger, group, supergroup, channel } = await botChats(scenario));
});
afterAll(() => scenario?.[Symbol.asyncDispose]());
const status = async (chat_id: number, user_id: number): Promise<unknown> => (await bot.call('getChatMember', { chat_id, user_id })).status;

const participant = (id: number, who: { id: number }): Promise<tl.TypeChannelParticipant> => participantIn(owner, id, who);

describe('reading', () => {
  test('tells what each kind of chat is', async () => {
    expect(await bot.call('getChat', { chat_id: owner.id })).toMatchObject({ id: owner.id, type: 'private', first_name: 'Owner' });
    expect(await bot.call('getChat', { chat_id: -group.id })).toMatchObject({ id: -group.id, type: 'group', title: 'Climbing', permissions: { can_send_messages: true } });
    expect(await bot.call('getChat', { chat_id: supergroup })).toMatchObject({ id: supergroup, type: 'supergroup', title: 'Climbing', description: 'rocks', permissions: { can_pin_messages: true } });
    const news = await bot.call('getChat', { chat_id: String(channel) });
    expect(news).toMatchObject({ id: channel, type: 'channel', title: 'News', description: 'rocks' });
    expect(news).not.toHaveProperty('permissions');
  });

  test('counts the members', async () => {
    expect(await bot.call('getChatMemberCount', { chat_id: owner.id })).toBe(2);
    expect(await bot.call('getChatMemberCount', { chat_id: made.id })).toBe(1);
    for (const chat_id of [-group.id, supergroup, channel]) expect(await bot.call('getChatMemberCount', { chat_id })).toBe(3);
    expect(await bot.call('getChatMembersCount', { chat_id: supergroup })).toBe(3);
  });

  test('lists the admins, and other bots only if asked', async () => {
    const other = await makeBot(scenario, 'Second_admin_bot');
    await owner.main.call({ _: 'contacts.resolveUsername', username: other.username });
    await promoteBotIn(owner, supergroup, other, { pinMessages: true });
    const listed = async (params: object): Promise<unknown[]> => (await bot.call<{ status: string; user: { id: number } }[]>('getChatAdministrators', { ...params })).map(({ status: rank, user }) => `${rank} ${user.id}`).sort();
    const ours = [`administrator ${made.id}`, `creator ${owner.id}`];
    for (const chat_id of [-group.id, channel, supergroup]) expect(await listed({ chat_id })).toEqual(ours);
    expect(await listed({ chat_id: supergroup, return_bots: true })).toEqual([...ours, `administrator ${other.id}`].sort());
    expect(await bot.refusal('getChatAdministrators', { chat_id: owner.id })).toBe('400 Bad Request: there are no administrators in the private chat');
    await promoteBotIn(owner, supergroup, other, {});
    await owner.main.change({ _: 'channels.editBanned', channel: owner.main.inputChannel(supergroup), participant: owner.main.inputPeer(other.id), bannedRights: { _: 'chatBannedRights', viewMessages: true, untilDate: 0 } });
  });

  test('tells what somebody is in a chat', async () => {
    for (const chat_id of [-group.id, supergroup, channel]) {
      expect(await bot.call('getChatMember', { chat_id, user_id: owner.id })).toMatchObject({ status: 'creator', user: { id: owner.id, first_name: 'Owner' } });
      expect(await bot.call('getChatMember', { chat_id, user_id: made.id })).toMatchObject({ status: 'administrator', can_restrict_members: true });
      expect(await bot.call('getChatMember', { chat_id, user_id: friend.id })).toMatchObject({ status: 'member', user: { id: friend.id, first_name: 'Friend' } });
    }
  });

  test('tells nothing of those whom the bot has never met', async () => {
    for (const chat_id of [-group.id, supergroup, channel]) expect(await bot.refusal('getChatMember', { chat_id, user_id: stranger.id })).toBe('400 Bad Request: PARTICIPANT_ID_INVALID');
    expect(await bot.refusal('getChat', { chat_id: stranger.id })).toBe('400 Bad Request: chat not found');
    for (const method of ['getUserProfilePhotos', 'getUserProfileAudios']) expect(await bot.refusal(method, { user_id: stranger.id })).toBe('400 Bad Request: user not found');
    expect(await bot.refusal('getChatMember', { chat_id: supergroup, user_id: 'nobody' })).toBe('400 Bad Request: invalid user_id specified');
  });

  test('lists photos of people', async () => {
    expect(await bot.call('getUserProfilePhotos', { user_id: owner.id, limit: 5 })).toEqual({ total_count: 0, photos: [] });
  });
});

describe('members of a supergroup', () => {
  test('are restricted and freed', async () => {
    const until_date = Math.floor(Date.now() / 1000) + 3600;
    expect(await bot.call('restrictChatMember', { chat_id: supergroup, user_id: friend.id, permissions: { can_send_polls: true, can_invite_users: true }, until_date })).toBe(true);
    expect(await participant(supergroup, friend)).toMatchObject({ _: 'channelParticipantBanned', bannedRights: { sendPhotos: true, sendPolls: false, sendPlain: false, inviteUsers: false, untilDate: until_date } });
    expect(await bot.call('getChatMember', { chat_id: supergroup, user_id: friend.id })).toMatchObject({ status: 'restricted', is_member: true, can_send_messages: true, can_send_photos: false, until_date });
    // In the old way, which says nothing about invitations.
    expect(await bot.call('restrictChatMember', { chat_id: supergroup, user_id: friend.id, can_send_media_messages: true })).toBe(true);
    expect(await bot.call('getChatMember', { chat_id: supergroup, user_id: friend.id })).toMatchObject({ status: 'restricted', can_send_photos: true, can_send_other_messages: false, can_invite_users: true, can_change_info: false, until_date: 0 });
    const everything = { can_send_messages: true, can_send_media_messages: true, can_send_other_messages: true, can_add_web_page_previews: true };
    expect(await bot.call('restrictChatMember', { chat_id: supergroup, user_id: friend.id, ...everything })).toBe(true);
    expect(await status(supergroup, friend.id)).toBe('member');
  });

  test('become admins with a title, and ordinary members again', async () => {
    const promote = (rights: object): Promise<unknown> => bot.call('promoteChatMember', { chat_id: supergroup, user_id: friend.id, ...rights });
    expect(await promote({ can_pin_messages: true, can_manage_voice_chats: true, can_post_messages: true })).toBe(true);
    expect(await participant(supergroup, friend)).toMatchObject({ _: 'channelParticipantAdmin', adminRights: { pinMessages: true, manageCall: true, postMessages: false, banUsers: false } });
    expect(await bot.call('setChatAdministratorCustomTitle', { chat_id: supergroup, user_id: friend.id, custom_title: 'Belayer' })).toBe(true);
    expect(await promote({ can_invite_users: true })).toBe(true);
    expect(await participant(supergroup, friend)).toMatchObject({ rank: 'Belayer', adminRights: { inviteUsers: true, pinMessages: false } });
    expect(await bot.call('getChatMember', { chat_id: supergroup, user_id: friend.id })).toMatchObject({ status: 'administrator', custom_title: 'Belayer', can_be_edited: true, can_invite_users: true, can_pin_messages: false });
    expect(await promote({})).toBe(true);
    expect(await status(supergroup, friend.id)).toBe('member');
    expect(await bot.refusal('setChatAdministratorCustomTitle', { chat_id: supergroup, user_id: friend.id, custom_title: 'x' })).toBe('400 Bad Request: user is not an administrator');
    expect(await bot.refusal('setChatAdministratorCustomTitle', { chat_id: supergroup, user_id: owner.id, custom_title: 'x' })).toBe('400 Bad Request: only the owner can edit their custom title');
  });

  test('are banned until a date, and may come back', async () => {
    const until_date = Math.floor(Date.now() / 1000) + 3600;
    expect(await bot.call('banChatMember', { chat_id: supergroup, user_id: friend.id, until_date })).toBe(true);
    await losesChannel(friend.main, supergroup);
    expect(await bot.call('getChatMember', { chat_id: supergroup, user_id: friend.id })).toMatchObject({ status: 'kicked', until_date });
    expect(await bot.call('unbanChatMember', { chat_id: supergroup, user_id: friend.id, only_if_banned: true })).toBe(true);
    expect(await status(supergroup, friend.id)).toBe('left');
    await inviteTo(owner, supergroup, [friend]);
  });

  test('are taken out by unbanChatMember, but not if only bans are to end', async () => {
    expect(await bot.call('unbanChatMember', { chat_id: supergroup, user_id: friend.id, only_if_banned: true })).toBe(true);
    expect(await status(supergroup, friend.id)).toBe('member');
    expect(await bot.call('unbanChatMember', { chat_id: supergroup, user_id: friend.id })).toBe(true);
    await losesChannel(friend.main, supergroup);
    expect(await status(supergroup, friend.id)).toBe('left');
    await inviteTo(owner, supergroup, [friend]);
  });

  test('may write in the name of a channel until it is banned', async () => {
    const own = await createChannel(friend, 'broadcast', 'Friend');
    await friend.main.change({ _: 'channels.updateUsername', channel: friend.main.inputChannel(own), username: 'friend_channel' });
    await owner.main.call({ _: 'contacts.resolveUsername', username: 'friend_channel' });
    expect(await bot.call('banChatSenderChat', { chat_id: supergroup, sender_chat_id: own })).toBe(true);
    expect(await participant(supergroup, { id: own })).toMatchObject({ _: 'channelParticipantBanned', bannedRights: { viewMessages: true } });
    expect(await bot.call('unbanChatSenderChat', { chat_id: supergroup, sender_chat_id: own })).toBe(true);
    expect(await refusalOf(participant(supergroup, { id: own }))).toBe('USER_NOT_PARTICIPANT');
    expect(await bot.refusal('banChatSenderChat', { chat_id: supergroup })).toBe('400 Bad Request: sender_chat_id is empty');
    expect(await bot.refusal('banChatSenderChat', { chat_id: supergroup, sender_chat_id: 'x' })).toBe('400 Bad Request: sender_chat_id is not a valid Integer');
    expect(await bot.refusal('banChatSenderChat', { chat_id: supergroup, sender_chat_id: -1_000_000_999_999 })).toBe('400 Bad Request: PARTICIPANT_ID_INVALID');
    expect(await bot.refusal('banChatSenderChat', { chat_id: supergroup, sender_chat_id: -1_000_000_000_000 })).toBe('400 Bad Request: PARTICIPANT_ID_INVALID');
  });
});

describe('members of other chats', () => {
  test('of a channel are banned, freed, and made admins', async () => {
    expect(await bot.call('promoteChatMember', { chat_id: channel, user_id: friend.id, can_post_messages: true, can_pin_messages: true })).toBe(true);
    expect(await participant(channel, friend)).toMatchObject({ _: 'channelParticipantAdmin', adminRights: { postMessages: true, pinMessages: false } });
    expect(await bot.call('banChatMember', { chat_id: channel, user_id: friend.id })).toBe(true);
    await losesChannel(friend.main, channel);
    expect(await status(channel, friend.id)).toBe('kicked');
    expect(await bot.call('unbanChatMember', { chat_id: channel, user_id: friend.id })).toBe(true);
    expect(await status(channel, friend.id)).toBe('left');
    await inviteTo(owner, channel, [friend]);
    expect(await bot.refusal('restrictChatMember', { chat_id: channel, user_id: friend.id, permissions: {} })).toBe('400 Bad Request: method is available only for supergroups');
  });

  test('of a group get tags, and are removed', async () => {
    for (const chat_id of [-group.id, supergroup]) {
      for (const tag of ['Rope', 'Rope']) expect(await bot.call('setChatMemberTag', { chat_id, user_id: friend.id, tag })).toBe(true);
      expect(await bot.call('getChatMember', { chat_id, user_id: friend.id })).toMatchObject({ status: 'member', tag: 'Rope' });
    }
    expect(await bot.call('setChatMemberTag', { chat_id: supergroup, user_id: friend.id, tag: '' })).toBe(true);
    expect(await bot.call('getChatMember', { chat_id: supergroup, user_id: friend.id })).not.toHaveProperty('tag');
    expect(await bot.refusal('setChatMemberTag', { chat_id: supergroup, user_id: owner.id, tag: 'x' })).toBe('400 Bad Request: not enough rights to change tag of the user');
    expect(await bot.refusal('setChatMemberTag', { chat_id: channel, user_id: friend.id, tag: 'x' })).toBe('400 Bad Request: method is available only for groups and supergroups');
    expect(await bot.call('kickChatMember', { chat_id: -group.id, user_id: friend.id, revoke_messages: true })).toBe(true);
    await friend.sees('action:messageActionChatDeleteUser');
    expect(await status(-group.id, friend.id)).toBe('left');
    await owner.main.invite({ _: 'messages.addChatUser', chatId: group.id, userId: owner.main.inputUser(friend.id), fwdLimit: 0 });
    for (const method of ['unbanChatMember', 'promoteChatMember']) expect(await bot.refusal(method, { chat_id: -group.id, user_id: friend.id })).toBe('400 Bad Request: method is available for supergroup and channel chats only');
  });

  test('are not the bot itself, nor the owner', async () => {
    for (const chat_id of [-group.id, supergroup, channel]) {
      expect(await bot.refusal('banChatMember', { chat_id, user_id: made.id })).toBe("400 Bad Request: can't restrict self");
      expect(await bot.refusal('banChatMember', { chat_id, user_id: owner.id })).toBe("400 Bad Request: can't remove chat owner");
    }
    expect(await bot.refusal('promoteChatMember', { chat_id: supergroup, user_id: made.id, can_pin_messages: true })).toBe("400 Bad Request: can't promote self");
    expect(await bot.refusal('promoteChatMember', { chat_id: supergroup, user_id: owner.id })).toBe("400 Bad Request: can't remove chat owner");
    expect(await bot.refusal('banChatMember', { chat_id: owner.id, user_id: owner.id })).toBe("400 Bad Request: can't ban members in private chats");
  });

  test('who were made admins by others are not the concern of the bot', async () => {
    await owner.main.change({ _: 'messages.editChatAdmin', chatId: group.id, userId: owner.main.inputUser(friend.id), isAdmin: true });
    await owner.main.change({ _: 'channels.editAdmin', channel: owner.main.inputChannel(supergroup), userId: owner.main.inputUser(friend.id), adminRights: { _: 'chatAdminRights', pinMessages: true }, rank: '' });
    for (const chat_id of [-group.id, supergroup]) expect(await bot.refusal('banChatMember', { chat_id, user_id: friend.id })).toBe('400 Bad Request: user is an administrator of the chat');
    expect(await bot.refusal('promoteChatMember', { chat_id: supergroup, user_id: friend.id })).toBe('400 Bad Request: not enough rights');
    expect(await bot.refusal('setChatAdministratorCustomTitle', { chat_id: supergroup, user_id: friend.id, custom_title: 'x' })).toBe('400 Bad Request: not enough rights to change custom title of the user');
    await owner.main.change({ _: 'messages.editChatAdmin', chatId: group.id, userId: owner.main.inputUser(friend.id), isAdmin: false });
    await owner.main.change({ _: 'channels.editAdmin', channel: owner.main.inputChannel(supergroup), userId: owner.main.inputUser(friend.id), adminRights: { _: 'chatAdminRights' }, rank: '' });
  });
});

describe('settings', () => {
  test('change title, description and photo of each kind of chat', async () => {
    const photo = new File([await makePicture(400, 300)], 'rope.jpg');
    for (const chat_id of [-group.id, supergroup, channel]) {
      const title = `Ropes ${chat_id}`;
      expect(await bot.call('setChatTitle', { chat_id, title })).toBe(true);
      expect(await titleOf(owner, chat_id)).toBe(title);
      expect(await bot.call('setChatTitle', { chat_id, title })).toBe(true);
      expect(await bot.refusal('setChatTitle', { chat_id })).toBe('400 Bad Request: title must be non-empty');
      expect(await bot.call('setChatDescription', { chat_id, description: 'knots' })).toBe(true);
      expect(await bot.refusal('setChatDescription', { chat_id, description: 'knots' })).toBe('400 Bad Request: chat description is not modified');
      expect(await bot.call('setChatPhoto', { chat_id, photo })).toBe(true);
      const shown = await bot.call<{ photo: { small_file_id: string; big_file_id: string } }>('getChat', { chat_id });
      expect(shown).toMatchObject({ title, description: 'knots' });
      for (const file_id of [shown.photo.small_file_id, shown.photo.big_file_id]) expect(await bot.call('getFile', { file_id })).toMatchObject({ file_id, file_path: expect.any(String) as string });
      expect(await bot.call('deleteChatPhoto', { chat_id })).toBe(true);
      const changed = await bot.call('getChat', { chat_id });
      expect(changed).not.toHaveProperty('photo');
      expect(await bot.call('setChatDescription', { chat_id })).toBe(true);
      expect(await bot.call('getChat', { chat_id })).not.toHaveProperty('description');
    }
    expect(await bot.refusal('setChatPhoto', { chat_id: supergroup })).toBe('400 Bad Request: there is no photo in the request');
    expect(await bot.refusal('setChatPhoto', { chat_id: supergroup, photo: 'some file_id' })).toBe('400 Bad Request: photo must be uploaded as an InputFile');
    expect(await bot.refusal('setChatTitle', { chat_id: owner.id, title: 'x' })).toBe("400 Bad Request: can't change private chat title");
  });

  test('say what members may do', async () => {
    for (const chat_id of [-group.id, supergroup]) {
      const permissions = { can_send_messages: true, can_invite_users: true };
      for (let time = 0; time < 2; time++) expect(await bot.call('setChatPermissions', { chat_id, permissions: JSON.stringify(permissions), use_independent_chat_permissions: true })).toBe(true);
      expect((await bot.call('getChat', { chat_id })).permissions).toMatchObject({ ...permissions, can_react_to_messages: true, can_send_photos: false, can_send_media_messages: false, can_pin_messages: false });
    }
    expect(await refusalOf(friend.main.change({ _: 'messages.sendMedia', peer: friend.main.inputPeer(supergroup), media: { _: 'inputMediaDice', emoticon: '🎲' }, message: '', randomId: randomLong() }))).toBe('CHAT_SEND_STICKERS_FORBIDDEN');
    expect(await bot.refusal('setChatPermissions', { chat_id: channel, permissions: {} })).toBe("400 Bad Request: can't change channel chat permissions");
    expect(await bot.refusal('setChatPermissions', { chat_id: supergroup, permissions: 'no' })).toBe("400 Bad Request: can't parse permissions JSON object");
  });

  test('pin messages in the own box of each member', async () => {
    await writeIn(owner, group, `/climb@${made.username}`);
    const ownerPinned = async (chat_id: number): Promise<number | undefined> => {
      if (chat_id === made.id) return (await owner.main.call({ _: 'users.getFullUser', id: owner.main.inputUser(made.id) })).fullUser.pinnedMsgId;
      return ((await owner.main.call({ _: 'messages.getFullChat', chatId: group.id })).fullChat as tl.RawChatFull).pinnedMsgId;
    };
    for (const { text, theirs, ours } of [{ text: '/start', theirs: owner.id, ours: made.id }, { text: `/climb@${made.username}`, theirs: -group.id, ours: -group.id }]) {
      const { id } = await owner.sees(text);
      await owner.main.change({ _: 'messages.updatePinnedMessage', peer: owner.main.inputPeer(ours), id });
      const { pinned_message } = await bot.call<{ pinned_message: { message_id: number } }>('getChat', { chat_id: theirs });
      expect(pinned_message).toMatchObject({ text, from: { id: owner.id } });
      expect(await bot.call('unpinChatMessage', { chat_id: theirs })).toBe(true);
      expect(await ownerPinned(ours)).toBeUndefined();
      expect(await bot.call('pinChatMessage', { chat_id: theirs, message_id: pinned_message.message_id })).toBe(true);
      expect(await ownerPinned(ours)).toBe(id);
      expect(await bot.call('unpinAllChatMessages', { chat_id: theirs })).toBe(true);
      expect(await ownerPinned(ours)).toBeUndefined();
    }
  });

  test('pin posts', async () => {
    const posts = await Promise.all(['first', 'second'].map((text) => postIn(owner, supergroup, text)));
    const pinned = async (chat_id: number): Promise<unknown> => ((await bot.call('getChat', { chat_id })).pinned_message as { message_id: number } | undefined)?.message_id;
    for (const message_id of posts) expect(await bot.call('pinChatMessage', { chat_id: supergroup, message_id, disable_notification: true })).toBe(true);
    const newest = Math.max(...posts);
    expect((await fullChannel(owner, supergroup)).pinnedMsgId).toBe(newest);
    expect(await pinned(supergroup)).toBe(newest);
    expect(await bot.call('unpinChatMessage', { chat_id: supergroup })).toBe(true);
    expect(await pinned(supergroup)).toBe(Math.min(...posts));
    expect(await bot.call('unpinAllChatMessages', { chat_id: supergroup })).toBe(true);
    expect(await pinned(supergroup)).toBeUndefined();
    expect(await bot.refusal('unpinChatMessage', { chat_id: supergroup })).toBe('400 Bad Request: message to unpin not found');
    for (const message_id of [1_000_000, 2 ** 40, 'x']) expect(await bot.refusal('pinChatMessage', { chat_id: supergroup, message_id })).toBe('400 Bad Request: message to pin not found');
    const post = await postIn(owner, channel, 'news');
    expect(await bot.call('pinChatMessage', { chat_id: channel, message_id: post })).toBe(true);
    expect((await fullChannel(owner, channel)).pinnedMsgId).toBe(post);
  });
});

describe('invite links', () => {
  test('are made, changed and revoked in each kind of chat', async () => {
    const creator = { id: made.id, is_bot: true };
    const links: string[] = [];
    for (const chat_id of [-group.id, supergroup, channel]) {
      const primary = await bot.call<string>('exportChatInviteLink', { chat_id });
      expect(await bot.call('getChat', { chat_id })).toMatchObject({ invite_link: primary });
      const expire_date = Math.floor(Date.now() / 1000) + 3600;
      const link = await bot.call('createChatInviteLink', { chat_id, name: 'Poster', expire_date, member_limit: 5 });
      expect(link).toMatchObject({ creator, name: 'Poster', expire_date, member_limit: 5, creates_join_request: false, is_primary: false, is_revoked: false });
      const { invite_link } = link;
      const edited = await bot.call('editChatInviteLink', { chat_id, invite_link, creates_join_request: true });
      expect(edited).toMatchObject({ invite_link, creator, creates_join_request: true });
      for (const gone of ['name', 'expire_date', 'member_limit']) expect(edited).not.toHaveProperty(gone);
      expect(await bot.call('revokeChatInviteLink', { chat_id, invite_link })).toMatchObject({ invite_link, is_revoked: true });
      expect(await bot.call('revokeChatInviteLink', { chat_id, invite_link: primary })).toMatchObject({ invite_link: primary, is_primary: true, is_revoked: true });
      links.push(primary, await bot.call<string>('exportChatInviteLink', { chat_id }), String(invite_link));
    }
    expect(new Set(links).size).toBe(links.length);
    expect(await bot.refusal('createChatInviteLink', { chat_id: supergroup, member_limit: 5, creates_join_request: true })).toBe("400 Bad Request: member limit can't be specified for links requiring administrator approval");
    expect(await bot.refusal('exportChatInviteLink', { chat_id: owner.id })).toBe("400 Bad Request: can't invite members to a private chat");
  });

  test('bring requests, which the bot decides on', async () => {
    const { invite_link } = await bot.call<{ invite_link: string }>('createChatInviteLink', { chat_id: supergroup, creates_join_request: true });
    const decide = (method: string, user_id = stranger.id): Promise<unknown> => bot.call(method, { chat_id: supergroup, user_id });
    expect(await refusalOf(enter(stranger, invite_link))).toBe('INVITE_REQUEST_SENT');
    expect(await decide('declineChatJoinRequest')).toBe(true);
    expect(await bot.refusal('approveChatJoinRequest', { chat_id: supergroup, user_id: stranger.id })).toBe('400 Bad Request: HIDE_REQUESTER_MISSING');
    expect(await bot.refusal('approveChatJoinRequest', { chat_id: supergroup, user_id: 77_777_777 })).toBe('400 Bad Request: HIDE_REQUESTER_MISSING');
    expect(await refusalOf(enter(stranger, invite_link))).toBe('INVITE_REQUEST_SENT');
    expect(await decide('approveChatJoinRequest')).toBe(true);
    await knowsChannel(stranger.main, supergroup);
    expect(await status(supergroup, stranger.id)).toBe('member');
  });
});

describe('a bot without rights', () => {
  let plain: MadeBot;
  let http: BotHttp;
  beforeAll(async () => {
    plain = await makeBot(scenario, 'Plain_bot');
    http = new CheckedBot(scenario.server, plain.token);
    await owner.main.call({ _: 'contacts.resolveUsername', username: plain.username });
  });

  test('learns nothing of chats that it was never in', async () => {
    for (const chat_id of [-group.id, supergroup, channel, -999_999, -1_000_000_999_999]) expect(await http.refusal('getChat', { chat_id })).toBe('400 Bad Request: chat not found');
  });

  test('is told which right it lacks', async () => {
    await bot.call('setChatPermissions', { chat_id: supergroup, permissions: { can_send_messages: true } });
    await owner.main.invite({ _: 'channels.inviteToChannel', channel: owner.main.inputChannel(supergroup), users: [owner.main.inputUser(plain.id)] });
    await owner.main.invite({ _: 'messages.addChatUser', chatId: group.id, userId: owner.main.inputUser(plain.id), fwdLimit: 0 });
    const photo = new File([await makePicture(300, 300)], 'rope.jpg');
    const message_id = await postIn(owner, supergroup, `for @${plain.username}`);
    for (const [method, params, text] of lackedRights({ friend, photo, message_id })) expect([method, await http.refusal(method, { chat_id: supergroup, ...params })]).toEqual([method, `400 Bad Request: ${text}`]);
    expect(await http.refusal('banChatMember', { chat_id: -group.id, user_id: friend.id })).toBe('400 Bad Request: not enough rights to restrict/unrestrict chat member');
    expect(await http.refusal('banChatMember', { chat_id: supergroup, user_id: owner.id })).toBe('400 Bad Request: not enough rights to restrict/unrestrict chat member');
  });

  test('does not learn who is an anonymous admin', async () => {
    const admin = await scenario.world.user('Admin');
    await inviteTo(owner, supergroup, [admin]);
    const look = { chat_id: supergroup, user_id: admin.id };
    expect(await http.call('getChatMember', look)).toMatchObject({ status: 'member' });
    await promoteBotIn(owner, supergroup, admin, { anonymous: true });
    expect(await http.refusal('getChatMember', look)).toBe('400 Bad Request: PARTICIPANT_ID_INVALID');
    expect(await bot.call('getChatMember', look)).toMatchObject({ status: 'administrator', is_anonymous: true });
  });

  test('is told that it has left, or was kicked', async () => {
    for (const chat_id of [-group.id, supergroup]) expect(await http.call('leaveChat', { chat_id })).toBe(true);
    expect(await http.refusal('getChat', { chat_id: -group.id })).toBe('403 Forbidden: bot is not a member of the group chat');
    expect(await http.refusal('getChat', { chat_id: supergroup })).toBe('403 Forbidden: bot is not a member of the supergroup chat');
    await owner.main.invite({ _: 'messages.addChatUser', chatId: group.id, userId: owner.main.inputUser(plain.id), fwdLimit: 0 });
    await owner.main.change({ _: 'messages.deleteChatUser', chatId: group.id, userId: owner.main.inputUser(plain.id) });
    expect(await http.refusal('setChatTitle', { chat_id: -group.id, title: 'x' })).toBe('403 Forbidden: bot was kicked from the group chat');
    const bannedRights: tl.TypeChatBannedRights = { _: 'chatBannedRights', viewMessages: true, untilDate: 0 };
    await promoteBotIn(owner, channel, plain, { postMessages: true });
    for (const [id, kind] of [[supergroup, 'supergroup'], [channel, 'channel']] as const) {
      await owner.main.change({ _: 'channels.editBanned', channel: owner.main.inputChannel(id), participant: owner.main.inputPeer(plain.id), bannedRights });
      expect(await http.refusal('setChatTitle', { chat_id: id, title: 'x' })).toBe(`403 Forbidden: bot was kicked from the ${kind} chat`);
    }
    expect(await http.refusal('leaveChat', { chat_id: owner.id })).toBe("400 Bad Request: chat member status can't be changed in private chats");
  });

  test('is told that a group was deleted', async () => {
    const doomed = await createGroup(owner, [friend]);
    await owner.main.invite({ _: 'messages.addChatUser', chatId: doomed.id, userId: owner.main.inputUser(plain.id), fwdLimit: 0 });
    await owner.main.call({ _: 'messages.deleteChat', chatId: doomed.id });
    expect(await http.refusal('setChatTitle', { chat_id: -doomed.id, title: 'x' })).toBe('403 Forbidden: the group chat was deleted');
  });

  test('is told where a group went that became a supergroup', async () => {
    const old = await createGroup(owner, [friend]);
    await owner.main.invite({ _: 'messages.addChatUser', chatId: old.id, userId: owner.main.inputUser(plain.id), fwdLimit: 0 });
    const { chats } = (await owner.main.change({ _: 'messages.migrateChat', chatId: old.id })) as tl.RawUpdates;
    const migrate_to_chat_id = -1_000_000_000_000 - chats.find((chat) => chat._ === 'channel')!.id;
    expect(await http.ask('setChatTitle', { chat_id: -old.id, title: 'x' })).toEqual({ ok: false, error_code: 400, description: 'Bad Request: group chat was upgraded to a supergroup chat', parameters: { migrate_to_chat_id } });
    expect(await http.call('getChat', { chat_id: migrate_to_chat_id })).toMatchObject({ type: 'supergroup' });
  });
});

describe('senseless parameters', () => {
  const methods = (): ReturnType<typeof rightParams> => rightParams({ friend, stranger, channel });

  test('have an error each', async () => {
    for (const [method, params] of Object.entries(methods())) {
      expect([method, await bot.refusal(method)]).toEqual([method, expect.stringMatching(/^400 Bad Request: /) as string]);
      if (method.startsWith('getUserProfile')) continue;
      for (const chat_id of ['0', 2 ** 60, '-1000000000000', '@', '@nobody_has_this_name', [], { a: 1 }, '@bad name\u0000']) {
        expect([method, chat_id, await bot.refusal(method, { ...params, ...(method === 'setChatPhoto' && { photo: 'x' }), chat_id })]).toEqual([method, chat_id, expect.stringMatching(/^400 Bad Request: /) as string]);
      }
    }
  });

  test('do no harm to the server', async () => {
    const values = [-1, '9'.repeat(19), 1.5, {}, '\u0000', '\ud800', 'x'.repeat(10_000)];
    const harmed: unknown[] = [];
    for (const [method, ...names] of PLACES_OF_VALUES) {
      for (const name of names) {
        for (const value of values) {
          const answer = await bot.ask(method, { chat_id: supergroup, ...methods()[method], [name]: value });
          if (!answer.ok && answer.error_code !== 400) harmed.push([method, name, value, answer.description]);
        }
      }
    }
    expect(harmed).toEqual([]);
  });
});
