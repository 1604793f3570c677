import type { tl } from '@aerogram/tl';
import { describe, expect, it } from 'vitest';

import {
  type ChatKind, chatIdOf, KnownPeers, projectAdminRights, projectChat, projectFullChat, projectMe, projectMember, projectPermissions, projectStickerSet, projectUser, projectUserProfileAudios, projectUserProfilePhotos,
} from '../../src/objects/index.ts';
import { checkObject } from '../object-types.ts';
import { alice, basicGroup, bot, channel, channelPeer, createSource, document, group, groupPeer, peers, photo, text } from './object-world.ts';

const notify: tl.peerNotifySettings = { _: 'peerNotifySettings' };
const noGifts = { unlimited_gifts: false, limited_gifts: false, unique_gifts: false, premium_subscription: false, gifts_from_channels: false };

/** The object as JSON, compared with a type of the reference. */
function json(typeName: string, object: object): Record<string, unknown> {
  expect(checkObject(typeName, object)).toEqual([]);
  return JSON.parse(JSON.stringify(object)) as Record<string, unknown>;
}

describe('users and chats as objects of the Bot API', () => {
  it('describes users, also deleted ones', () => {
    expect(json('User', projectUser({ ...alice, premium: true }))).toEqual({ id: 5, is_bot: false, first_name: 'Alice', last_name: 'Ant', username: 'alice', language_code: 'de', is_premium: true });
    expect(json('User', projectUser({ _: 'user', id: 5n, deleted: true }))).toEqual({ id: 5, is_bot: false, first_name: '' });
    const usernames: tl.username[] = [{ _: 'username', username: 'old' }, { _: 'username', active: true, username: 'new' }];
    expect(projectUser({ ...alice, username: undefined, usernames })).toMatchObject({ username: 'new' });
  });

  it('says of the bot itself what it may do', () => {
    expect(json('UserFromGetMe', projectMe(bot))).toMatchObject({ can_join_groups: true, can_read_all_group_messages: false, supports_inline_queries: false });
    expect(projectMe({ ...bot, bot_nochats: true, bot_chat_history: true, bot_inline_placeholder: '' })).toMatchObject({
      can_join_groups: false, can_read_all_group_messages: true, supports_inline_queries: true,
    });
  });

  it('gives chats the ids that bots know', () => {
    expect([chatIdOf({ _: 'peerUser', user_id: 5n }), chatIdOf({ _: 'peerChat', chat_id: 7n }), chatIdOf(groupPeer)]).toEqual([5, -7, -1000000000008]);
    expect(() => chatIdOf({ _: 'peerUser', user_id: 2n ** 60n })).toThrow(RangeError);
  });

  it('describes chats of each kind, also those that the bot does not see any more', () => {
    expect(json('Chat', projectChat(alice))).toMatchObject({ id: 5, type: 'private', first_name: 'Alice' });
    expect(json('Chat', projectChat(basicGroup))).toEqual({ id: -7, type: 'group', title: 'Garden', all_members_are_administrators: true });
    const limited: tl.chat = { ...basicGroup, default_banned_rights: { _: 'chatBannedRights', pin_messages: true, until_date: 0 } };
    expect(projectChat(limited)).toMatchObject({ all_members_are_administrators: false });
    expect(json('Chat', projectChat(group))).toEqual({ id: -1000000000008, type: 'supergroup', title: 'Village', username: 'village' });
    expect(json('Chat', projectChat({ _: 'channelForbidden', broadcast: true, id: 9n, access_hash: 1n, title: 'News' }))).toEqual({ id: -1000000000009, type: 'channel', title: 'News' });
    expect(json('Chat', projectChat({ _: 'chatForbidden', id: 7n, title: 'Garden' }))).toMatchObject({ id: -7, type: 'group', title: 'Garden' });
  });

  it('describes a user in full', async () => {
    const full: tl.userFull = {
      _: 'userFull', id: 5n, settings: { _: 'peerSettings' }, notify_settings: notify, common_chats_count: 0, about: 'Gardener', profile_photo: photo, birthday: { _: 'birthday', day: 3, month: 4 },
      pinned_msg_id: 1, ttl_period: 60, voice_messages_forbidden: true,
    };
    const source = createSource([text({ id: 1, message: 'pinned' })]);
    expect(json('ChatFullInfo', await projectFullChat(source, { _: 'users.userFull', full_user: full, ...peers }))).toEqual({
      id: 5, type: 'private', first_name: 'Alice', last_name: 'Ant', username: 'alice', active_usernames: ['alice'], accent_color_id: 5, max_reaction_count: 11, accepted_gift_types: noGifts,
      bio: 'Gardener', birthdate: { day: 3, month: 4 }, has_restricted_voice_and_video_messages: true, message_auto_delete_time: 60,
      photo: { small_file_id: 'profile_photo 50 m', small_file_unique_id: 'unique 50 m', big_file_id: 'profile_photo 50 y', big_file_unique_id: 'unique 50 y' },
      pinned_message: expect.objectContaining({ message_id: 1, text: 'pinned' }) as unknown,
    });
  });

  it('describes a basic group in full', async () => {
    const full: tl.chatFull = {
      _: 'chatFull', id: 7n, about: 'Weeds', participants: { _: 'chatParticipants', chat_id: 7n, participants: [], version: 1 }, notify_settings: notify,
      exported_invite: { _: 'chatInviteExported', permanent: true, link: 'https://example.org/+abc', admin_id: 5n, date: 1 }, available_reactions: { _: 'chatReactionsNone' },
    };
    const chat: tl.chat = { ...basicGroup, noforwards: true, default_banned_rights: { _: 'chatBannedRights', send_polls: true, until_date: 0 } };
    expect(json('ChatFullInfo', await projectFullChat(createSource(), { _: 'messages.chatFull', full_chat: full, users: [], chats: [chat] }))).toMatchObject({
      id: -7, type: 'group', description: 'Weeds', invite_link: 'https://example.org/+abc', has_protected_content: true, available_reactions: [],
      permissions: { can_send_messages: true, can_send_polls: false },
    });
  });

  it('describes supergroups and channels in full', async () => {
    const full: tl.channelFull = {
      _: 'channelFull', id: 8n, about: '', read_inbox_max_id: 0, read_outbox_max_id: 0, unread_count: 0, chat_photo: photo, notify_settings: notify, bot_info: [], pts: 1, slowmode_seconds: 30,
      linked_chat_id: 9n, participants_hidden: true, hidden_prehistory: true, reactions_limit: 3,
      available_reactions: { _: 'chatReactionsSome', reactions: [{ _: 'reactionEmoji', emoticon: '👍' }, { _: 'reactionCustomEmoji', document_id: 4n }] },
    };
    const named: tl.channel = { ...group, join_to_send: true, color: { _: 'peerColor', color: 3 } };
    const object = json('ChatFullInfo', await projectFullChat(createSource(), { _: 'messages.chatFull', full_chat: full, users: [], chats: [named] }));
    expect(object).toMatchObject({
      id: -1000000000008, type: 'supergroup', accent_color_id: 3, max_reaction_count: 3, slow_mode_delay: 30, linked_chat_id: -1000000000009, has_hidden_members: true, join_to_send_messages: true,
      photo: { small_file_id: 'chat_photo 50 m' }, available_reactions: [{ type: 'emoji', emoji: '👍' }, { type: 'custom_emoji', custom_emoji_id: '4' }], permissions: { can_send_messages: true },
    });
    expect(object).not.toHaveProperty('has_visible_history');
    const post = text({ id: 4, peer_id: channelPeer, from_id: undefined });
    const ofChannel = await projectFullChat(createSource([post]), { _: 'messages.chatFull', full_chat: { ...full, id: 9n, slowmode_seconds: undefined, pinned_msg_id: 4 }, users: [], chats: [channel] });
    expect(json('ChatFullInfo', ofChannel)).toMatchObject({ type: 'channel', pinned_message: { message_id: 4 } });
    expect(ofChannel).not.toHaveProperty('permissions');
  });
});

describe('members as objects of the Bot API', () => {
  const known = new KnownPeers(peers);
  const member = (participant: tl.ChannelParticipant | tl.ChatParticipant | undefined, kind: ChatKind = 'supergroup'): Record<string, unknown> =>
    json('ChatMember', projectMember(participant, { peers: known, kind, userId: 5n }));

  it('tells owners, admins and members apart', () => {
    const rights: tl.chatAdminRights = { _: 'chatAdminRights', anonymous: true, ban_users: true, post_messages: true };
    expect(member({ _: 'channelParticipantCreator', user_id: 5n, admin_rights: rights, rank: 'chief' })).toMatchObject({ status: 'creator', user: { id: 5 }, is_anonymous: true, custom_title: 'chief' });
    const admin: tl.channelParticipantAdmin = { _: 'channelParticipantAdmin', can_edit: true, user_id: 5n, promoted_by: 6n, date: 1, admin_rights: rights };
    const inGroup = member(admin);
    expect(inGroup).toMatchObject({ status: 'administrator', can_be_edited: true, is_anonymous: true, can_restrict_members: true, can_manage_chat: true, can_pin_messages: false, can_manage_topics: false });
    expect(inGroup).not.toHaveProperty('can_post_messages');
    // Nobody is anonymous among those who are all shown as the channel.
    expect(member(admin, 'channel')).toMatchObject({ can_post_messages: true, can_edit_messages: false, is_anonymous: false });
    expect(member({ _: 'channelParticipantCreator', user_id: 5n, admin_rights: rights }, 'channel')).toMatchObject({ status: 'creator', is_anonymous: false });
    expect(member({ _: 'channelParticipant', user_id: 6n, date: 1, rank: 'baker' })).toEqual({ status: 'member', user: { id: 6, is_bot: false, first_name: 'Bob' }, tag: 'baker' });
    expect(member(undefined)).toMatchObject({ status: 'left', user: { id: 5 } });
    expect(member({ _: 'channelParticipantLeft', peer: { _: 'peerUser', user_id: 6n } })).toMatchObject({ status: 'left', user: { id: 6 } });
  });

  it('knows the rights of admins of basic groups, who all have the same', () => {
    expect(member({ _: 'chatParticipantCreator', user_id: 5n }, 'group')).toMatchObject({ status: 'creator', is_anonymous: false });
    expect(member({ _: 'chatParticipantAdmin', user_id: 5n, inviter_id: 6n, date: 1 }, 'group')).toMatchObject({
      status: 'administrator', can_be_edited: false, can_delete_messages: true, can_pin_messages: true, can_promote_members: false,
    });
    expect(member({ _: 'chatParticipant', user_id: 5n, inviter_id: 6n, date: 1 }, 'group')).toMatchObject({ status: 'member' });
  });

  it('tells those who may do less from those who may do nothing, and until when', () => {
    const banned = (rights: Partial<tl.chatBannedRights>, left?: boolean): tl.channelParticipantBanned => ({
      _: 'channelParticipantBanned', left, peer: { _: 'peerUser', user_id: 5n }, kicked_by: 6n, date: 1, banned_rights: { _: 'chatBannedRights', until_date: 2 ** 31 - 1, ...rights },
    });
    expect(member(banned({ view_messages: true }, true))).toMatchObject({ status: 'kicked', until_date: 0 });
    expect(member(banned({ send_photos: true, until_date: 5000 }))).toMatchObject({
      status: 'restricted', is_member: true, until_date: 5000, can_send_messages: true, can_send_photos: false, can_send_audios: true, can_send_media_messages: false,
    });
    expect(member(banned({ send_messages: true }, true))).toMatchObject({ is_member: false, can_send_messages: false, can_send_polls: false, can_add_web_page_previews: false, can_invite_users: true });
    expect(member({ ...banned({ view_messages: true }), peer: channelPeer })).toMatchObject({ user: { id: 136817688 } });
  });

  it('describes rights and permissions by themselves', () => {
    expect(json('ChatAdministratorRights', projectAdminRights({ _: 'chatAdminRights' }, 'supergroup'))).toMatchObject({ can_manage_chat: false });
    expect(json('ChatPermissions', projectPermissions(undefined))).toMatchObject({ can_send_messages: true, can_send_media_messages: true, can_pin_messages: true });
  });
});

describe('lists of photos and stickers as objects of the Bot API', () => {
  it('lists the photos of a profile', () => {
    const source = createSource();
    expect(json('UserProfilePhotos', projectUserProfilePhotos(source, { _: 'photos.photosSlice', count: 4, photos: [photo, { _: 'photoEmpty', id: 1n }], users: [] }))).toMatchObject({
      total_count: 4, photos: [[{ file_id: 'profile_photo 50 m' }, { file_id: 'profile_photo 50 y' }]],
    });
    expect(projectUserProfilePhotos(source, { _: 'photos.photos', photos: [photo], users: [] })).toMatchObject({ total_count: 1 });
  });

  it('lists the music of a profile, and how much there is of it', () => {
    const source = createSource();
    const song = document('audio/mpeg', [{ _: 'documentAttributeAudio', duration: 3, title: 'One' }]);
    expect(json('UserProfileAudios', projectUserProfileAudios(source, { _: 'users.savedMusic', count: 4, documents: [song, { _: 'documentEmpty', id: 1n }] }))).toMatchObject({
      total_count: 4, audios: [{ duration: 3, title: 'One', mime_type: 'audio/mpeg', file_size: 5000 }],
    });
    expect(projectUserProfileAudios(source, { _: 'users.savedMusicNotModified', count: 0 })).toEqual({ total_count: 0, audios: [] });
  });

  it('lists the stickers of a set', () => {
    const stickerset: tl.InputStickerSet = { _: 'inputStickerSetID', id: 3n, access_hash: 4n };
    const set: tl.stickerSet = { _: 'stickerSet', id: 3n, access_hash: 4n, title: 'Faces', short_name: 'faces', emojis: true, count: 1, hash: 0 };
    const documents = [document('application/x-tgsticker', [{ _: 'documentAttributeImageSize', w: 100, h: 100 }, { _: 'documentAttributeCustomEmoji', alt: '😀', stickerset }])];
    expect(json('StickerSet', projectStickerSet(createSource(), { _: 'messages.stickerSet', set, packs: [], keywords: [], documents }))).toMatchObject({
      name: 'faces', title: 'Faces', sticker_type: 'custom_emoji', stickers: [{ type: 'custom_emoji', custom_emoji_id: '60', is_animated: true, set_name: 'faces', emoji: '😀', width: 100 }],
    });
  });
});
