import { expect, test } from 'vitest';

import {
  AdminRight,
  ALL_ADMIN_RIGHTS,
  ALL_BANNED_RIGHTS,
  BannedRight,
  ChannelFlag,
  CHAT_ADMIN_RIGHTS,
  type ChatAction,
  checkGrant,
  findRefusal,
  isAnonymous,
  packAdminRights,
  packBannedRights,
  projectAdminRights,
  projectBannedRights,
  type Standing,
  standingIn,
  withComments,
} from '../src/chats/index.ts';
import { channelRow, channelMember, chatMember, chatRow } from './chat-rows.ts';

const SEND_ALL = packBannedRights({ _: 'chatBannedRights', send_messages: true, until_date: 0 });

const MEMBER: Standing = { kind: 'megagroup', closed: false, open: false, status: 'member', role: 'member', adminRights: 0, defaultRights: 0, bannedRights: 0 };

test.each<[string, Partial<Standing>, ChatAction, string]>([
  ['a text, where texts are forbidden', { defaultRights: BannedRight.send_plain }, 'send_plain', 'CHAT_SEND_PLAIN_FORBIDDEN'],
  ['a photo, where photos are forbidden', { defaultRights: BannedRight.send_photos }, 'send_photos', 'CHAT_SEND_PHOTOS_FORBIDDEN'],
  ['a poll of one who may not send polls', { bannedRights: BannedRight.send_polls }, 'send_polls', 'CHAT_SEND_POLL_FORBIDDEN'],
  ['a link, where previews are forbidden', { defaultRights: BannedRight.embed_links }, 'embed_links', 'CHAT_SEND_WEBPAGE_FORBIDDEN'],
  ['a text, where nobody may write', { defaultRights: SEND_ALL }, 'send_plain', 'CHAT_WRITE_FORBIDDEN'],
  ['a text of one who may not write', { bannedRights: SEND_ALL }, 'send_plain', 'USER_BANNED_IN_CHANNEL'],
  ['a text in a gigagroup', { kind: 'gigagroup' }, 'send_plain', 'CHAT_WRITE_FORBIDDEN'],
  ['a post of a subscriber', { kind: 'broadcast' }, 'send_plain', 'CHAT_ADMIN_REQUIRED'],
  ['a text of one who left a public group', { status: 'left', open: true }, 'send_plain', 'CHAT_WRITE_FORBIDDEN'],
  ['a text of one who left a basic group', { kind: 'chat', status: 'left' }, 'send_plain', 'CHAT_WRITE_FORBIDDEN'],
  ['a text in a basic group that was deleted', { kind: 'chat', closed: true }, 'send_plain', 'CHAT_WRITE_FORBIDDEN'],
  ['a text in a basic group that became a supergroup', { kind: 'chat', closed: true, migrated: true }, 'send_plain', 'CHAT_ID_INVALID'],
  ['everything in a basic group that became a supergroup', { kind: 'chat', closed: true, migrated: true, role: 'creator' }, 'delete_chat', 'CHAT_ID_INVALID'],
  ['a look of one who left a private channel', { status: 'left' }, 'view_messages', 'CHANNEL_PRIVATE'],
  ['anything of one who was banned', { status: 'banned', open: true }, 'send_plain', 'CHANNEL_PRIVATE'],
  ['a title, where it is forbidden', { defaultRights: BannedRight.change_info }, 'change_info', 'CHAT_ADMIN_REQUIRED'],
  ['the deletion of what others wrote', {}, 'delete_messages', 'MESSAGE_DELETE_FORBIDDEN'],
  ['the editing of what others wrote', { role: 'creator' }, 'edit_messages', 'MESSAGE_AUTHOR_REQUIRED'],
])('refuses %s by name', (_what, change, action, error) => {
  expect(findRefusal({ ...MEMBER, ...change }, action)).toBe(error);
});

test('nobody can grant a right that they do not have', () => {
  const admin = { ...MEMBER, role: 'admin' as const, adminRights: AdminRight.add_admins | AdminRight.ban_users };
  expect(() => checkGrant(admin, AdminRight.ban_users)).not.toThrow();
  expect(() => checkGrant(admin, AdminRight.ban_users | AdminRight.change_info)).toThrow('RIGHT_FORBIDDEN');
  expect(() => checkGrant({ ...admin, adminRights: AdminRight.ban_users }, AdminRight.ban_users)).toThrow('CHAT_ADMIN_REQUIRED');
  expect(() => checkGrant({ ...MEMBER, role: 'creator', adminRights: 0 }, ALL_ADMIN_RIGHTS)).not.toThrow();
});

test('only admins of supergroups are anonymous, and only by choice', () => {
  const admin = { ...MEMBER, role: 'admin' as const, adminRights: AdminRight.anonymous };
  expect(isAnonymous(admin)).toBe(true);
  expect(isAnonymous({ ...admin, adminRights: AdminRight.ban_users })).toBe(false);
  expect(isAnonymous({ ...admin, kind: 'broadcast' })).toBe(false);
  expect(isAnonymous({ ...admin, role: 'member' })).toBe(false);
  const creator = channelMember({ role: 'creator' });
  expect(isAnonymous(standingIn(channelRow({}), creator, 0))).toBe(false);
  expect(isAnonymous(standingIn(channelRow({}), { ...creator, admin_rights: AdminRight.anonymous }, 0))).toBe(true);
});

test('restrictions and bans end at their date', () => {
  const until = 1_000;
  const restricted = channelMember({ banned_rights: BannedRight.send_plain, until_date: until });
  expect(findRefusal(standingIn(channelRow({}), restricted, until - 1), 'send_plain')).toBe('CHAT_SEND_PLAIN_FORBIDDEN');
  expect(findRefusal(standingIn(channelRow({}), restricted, until), 'send_plain')).toBeUndefined();
  const banned = channelMember({ status: 'banned', banned_rights: ALL_BANNED_RIGHTS, until_date: until });
  const open = channelRow({ username: 'open' });
  expect(findRefusal(standingIn(open, banned, until - 1), 'view_messages')).toBe('CHANNEL_PRIVATE');
  expect(findRefusal(standingIn(open, banned, until), 'view_messages')).toBeUndefined();
  expect(findRefusal(standingIn(open, banned, until), 'send_plain')).toBe('CHAT_WRITE_FORBIDDEN');
  expect(findRefusal(standingIn(open, { ...banned, until_date: 0 }, 2 ** 31), 'view_messages')).toBe('CHANNEL_PRIVATE');
});

test('readers of the linked channel comment with what members may do, unless they have to join for it', () => {
  const group = channelRow({ kind: 'megagroup', linked_chat_id: 5n });
  const left = standingIn(group, undefined, 0);
  expect(withComments(left, group, 5n).comments).toBe('write');
  expect(withComments(left, { ...group, flags: ChannelFlag.joinToSend }, 5n).comments).toBe('read');
  for (const standing of [
    withComments(left, group, undefined),
    withComments(left, group, 6n),
    withComments(left, { ...group, kind: 'broadcast' }, 5n),
    withComments(standingIn(group, channelMember({ status: 'banned', banned_rights: ALL_BANNED_RIGHTS }), 0), group, 5n),
    withComments(standingIn(group, channelMember({}), 0), group, 5n),
    withComments({ ...left, closed: true }, group, 5n),
  ]) expect(standing.comments).toBeUndefined();
  const restricted = withComments(standingIn(group, channelMember({ status: 'left', banned_rights: BannedRight.send_photos }), 0), group, 5n);
  expect([findRefusal(restricted, 'send_plain'), findRefusal(restricted, 'send_photos'), findRefusal(restricted, 'view_messages')]).toEqual([undefined, 'CHAT_SEND_PHOTOS_FORBIDDEN', 'CHANNEL_PRIVATE']);
});

test('users who left keep no admin rights', () => {
  const left = channelMember({ role: 'admin', admin_rights: ALL_ADMIN_RIGHTS, status: 'left' });
  expect(standingIn(channelRow({ username: 'open' }), left, 0)).toMatchObject({ role: 'member', adminRights: 0 });
  expect(standingIn(chatRow({}), chatMember({ role: 'creator', status: 'left' }), 0)).toMatchObject({ role: 'member', adminRights: 0 });
  expect(standingIn(chatRow({}), chatMember({ role: 'admin' }), 0).adminRights).toBe(CHAT_ADMIN_RIGHTS);
});

test('rights convert back to the same TL object, for every single bit', () => {
  for (const bit of Object.values(AdminRight)) expect(packAdminRights(projectAdminRights(bit))).toBe(bit);
  for (const bit of Object.values(BannedRight)) {
    const rights = projectBannedRights(bit);
    expect(packBannedRights(rights)).toBe(bit === BannedRight.view_messages ? ALL_BANNED_RIGHTS : bit);
  }
  expect(projectAdminRights(AdminRight.pin_messages)).toEqual({ _: 'chatAdminRights', pin_messages: true });
  expect(projectBannedRights(BannedRight.send_docs, 77)).toEqual({ _: 'chatBannedRights', send_docs: true, until_date: 77 });
});

test('the flags for several rights are expanded, and are set for clients that know only those', () => {
  const media = packBannedRights({ _: 'chatBannedRights', send_media: true, until_date: 0 });
  expect(media & BannedRight.send_voices).not.toBe(0);
  expect(media & BannedRight.send_plain).toBe(0);
  expect(projectBannedRights(media)).toMatchObject({ send_media: true, send_photos: true, send_docs: true });
  expect(projectBannedRights(media).send_messages).toBeUndefined();
  expect(projectBannedRights(SEND_ALL)).toMatchObject({ send_messages: true, send_media: true, send_plain: true, embed_links: true });
  expect(projectBannedRights(SEND_ALL & ~BannedRight.send_plain).send_messages).toBeUndefined();
});

test('the stored bits never change', () => {
  const places = (bits: Record<string, number>): string => Object.entries(bits).map(([name, bit]) => `${name} ${Math.log2(bit)}`).join(', ');
  expect(places(AdminRight)).toBe(
    'change_info 0, post_messages 1, edit_messages 2, delete_messages 3, ban_users 4, invite_users 5, pin_messages 7, add_admins 9, anonymous 10, ' +
      'manage_call 11, other 12, manage_topics 13, post_stories 14, edit_stories 15, delete_stories 16, manage_direct_messages 17, manage_ranks 18, manage_linked_peers 19, ' +
      'manage_welcome_messages 20',
  );
  expect(places(BannedRight)).toBe(
    'view_messages 0, send_stickers 3, send_gifs 4, send_games 5, send_inline 6, embed_links 7, send_polls 8, change_info 10, invite_users 15, ' +
      'pin_messages 17, manage_topics 18, send_photos 19, send_videos 20, send_roundvideos 21, send_audios 22, send_voices 23, send_docs 24, send_plain 25, ' +
      'edit_rank 26, send_reactions 27, manage_linked_peers 28',
  );
});
