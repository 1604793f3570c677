// What is pushed about groups and channels, as clients of all older layers must be able to read it.
import type { tl } from '@aerogram/tl';

/** A push, and what a client of any older layer reads. */
export interface PushCase {
  given: tl.updates;
  /** Fields of the first update. */
  sees: object;
  /** Fields of the first chat. */
  shows?: object;
}

const CHANNEL = 5n;
const alice: tl.peerUser = { _: 'peerUser', user_id: 7n };
const inChat: tl.peerChat = { _: 'peerChat', chat_id: 4n };
const inChannel: tl.peerChannel = { _: 'peerChannel', channel_id: CHANNEL };
const user: tl.user = { _: 'user', id: 7n, access_hash: 8n, first_name: 'Alice', status: { _: 'userStatusRecently' } };
const rights: tl.chatBannedRights = { _: 'chatBannedRights', pin_messages: true, send_polls: true, until_date: 0 };
const adminRights: tl.chatAdminRights = { _: 'chatAdminRights', ban_users: true, other: true };
const chat: tl.chat = { _: 'chat', id: 4n, title: 'Climbing', photo: { _: 'chatPhotoEmpty' }, participants_count: 2, date: 1, version: 3, admin_rights: adminRights, default_banned_rights: rights };
const supergroup: tl.channel = {
  _: 'channel', megagroup: true, slowmode_enabled: true, join_to_send: true, id: CHANNEL, access_hash: 6n, title: 'Climbing', username: 'climbing', photo: { _: 'chatPhotoEmpty' }, date: 1,
  banned_rights: rights, default_banned_rights: rights, participants_count: 2,
};
const broadcast: tl.channel = { _: 'channel', broadcast: true, signatures: true, signature_profiles: true, id: CHANNEL, access_hash: 6n, title: 'News', photo: { _: 'chatPhotoEmpty' }, date: 1, admin_rights: adminRights };
const bold: tl.messageEntityBold = { _: 'messageEntityBold', offset: 0, length: 2 };
const reply: tl.messageReplyHeader = { _: 'messageReplyHeader', reply_to_msg_id: 2 };
const post: tl.message = { _: 'message', mentioned: true, media_unread: true, id: 3, from_id: alice, peer_id: inChannel, reply_to: reply, date: 2, message: 'hi', entities: [bold], ttl_period: 86_400 };

const push = (chats: tl.Chat[], ...updates: tl.Update[]): tl.updates => ({ _: 'updates', updates, users: [user], chats, date: 2, seq: 0 });
const said = (action: tl.MessageAction, peer_id: tl.Peer = inChannel): tl.messageService => ({ _: 'messageService', id: 3, from_id: alice, peer_id, date: 2, action });
const step = { pts: 4, pts_count: 1 };
const ofChannel = (message: tl.Message): tl.updateNewChannelMessage => ({ _: 'updateNewChannelMessage', message, ...step });
const ofChat = (message: tl.Message): tl.updateNewMessage => ({ _: 'updateNewMessage', message, ...step });

/** A service message, by the kind of chat. */
function action(kind: 'chat' | 'channel', given: tl.MessageAction): [string, PushCase] {
  const isChat = kind === 'chat';
  const update = isChat ? ofChat(said(given, inChat)) : ofChannel(said(given));
  return [`${given._} in a ${kind}`, { given: push([isChat ? chat : supergroup], update), sees: { message: { _: 'messageService', action: { _: given._ } } } }];
}

export const PUSH_CASES: Record<string, PushCase> = {
  'a message of a basic group': {
    given: push([chat], ofChat({ ...post, peer_id: inChat })),
    sees: { _: 'updateNewMessage', message: { message: 'hi', peer_id: inChat, from_id: alice, mentioned: true } },
    shows: { _: 'chat', id: 4n, title: 'Climbing', version: 3, participants_count: 2 },
  },
  'a message of a supergroup': {
    given: push([supergroup], ofChannel(post)),
    sees: { _: 'updateNewChannelMessage', ...step, message: { message: 'hi', peer_id: inChannel, reply_to: { reply_to_msg_id: 2 }, entities: [bold] } },
    shows: { _: 'channel', id: CHANNEL, megagroup: true, access_hash: 6n, username: 'climbing', participants_count: 2 },
  },
  'a post of a broadcast channel': {
    given: push([broadcast], ofChannel({ ...post, post: true, from_id: undefined, mentioned: undefined, media_unread: undefined, post_author: 'Alice', views: 1, forwards: 0 })),
    sees: { message: { post: true, post_author: 'Alice', views: 1 } },
    shows: { _: 'channel', broadcast: true, signatures: true, access_hash: 6n, title: 'News' },
  },
  'a post with a channel that is min': {
    given: push([{ ...broadcast, min: true, access_hash: undefined, admin_rights: undefined }], ofChannel({ ...post, post: true, from_id: undefined })),
    sees: { _: 'updateNewChannelMessage' },
    shows: { _: 'channel', min: true, broadcast: true, title: 'News' },
  },
  'an edited post': {
    given: push([supergroup], { _: 'updateEditChannelMessage', message: { ...post, edit_date: 3 }, ...step }),
    sees: { _: 'updateEditChannelMessage', ...step, message: { edit_date: 3 } },
  },
  'deleted posts': {
    given: push([supergroup], { _: 'updateDeleteChannelMessages', channel_id: CHANNEL, messages: [2, 3], pts: 4, pts_count: 2 }),
    sees: { _: 'updateDeleteChannelMessages', channel_id: CHANNEL, messages: [2, 3], pts_count: 2 },
  },
  'pinned posts': {
    given: push([supergroup], { _: 'updatePinnedChannelMessages', pinned: true, channel_id: CHANNEL, messages: [2], ...step }),
    sees: { _: 'updatePinnedChannelMessages', pinned: true, messages: [2] },
  },
  'a channel that changed': { given: push([supergroup], { _: 'updateChannel', channel_id: CHANNEL }), sees: { _: 'updateChannel', channel_id: CHANNEL } },
  'a channel that is lost': {
    given: push([{ _: 'channelForbidden', megagroup: true, id: CHANNEL, access_hash: 6n, title: 'Climbing', until_date: 9 }], { _: 'updateChannel', channel_id: CHANNEL }),
    sees: { _: 'updateChannel' },
    shows: { _: 'channelForbidden', megagroup: true, id: CHANNEL, until_date: 9 },
  },
  'a channel that is far ahead': { given: push([supergroup], { _: 'updateChannelTooLong', channel_id: CHANNEL, pts: 9 }), sees: { _: 'updateChannelTooLong', pts: 9 } },
  'read marks of a channel': {
    given: push([supergroup], { _: 'updateReadChannelInbox', channel_id: CHANNEL, max_id: 3, still_unread_count: 2, pts: 4 }, { _: 'updateReadChannelOutbox', channel_id: CHANNEL, max_id: 3 }),
    sees: { _: 'updateReadChannelInbox', max_id: 3, still_unread_count: 2, pts: 4 },
  },
  'views of posts': { given: push([broadcast], { _: 'updateChannelMessageViews', channel_id: CHANNEL, id: 3, views: 5 }), sees: { _: 'updateChannelMessageViews', views: 5 } },
  'typing in a channel': {
    given: push([supergroup], { _: 'updateChannelUserTyping', channel_id: CHANNEL, from_id: alice, action: { _: 'sendMessageTypingAction' } }),
    sees: { _: 'updateChannelUserTyping', channel_id: CHANNEL, from_id: alice },
  },
  'members of a basic group': {
    given: push([chat], {
      _: 'updateChatParticipants',
      participants: {
        _: 'chatParticipants', chat_id: 4n, version: 3,
        participants: [{ _: 'chatParticipantCreator', user_id: 7n, rank: 'boss' }, { _: 'chatParticipantAdmin', user_id: 8n, inviter_id: 7n, date: 1 }, { _: 'chatParticipant', user_id: 9n, inviter_id: 7n, date: 1 }],
      },
    }),
    sees: { _: 'updateChatParticipants', participants: { chat_id: 4n, version: 3, participants: [{ _: 'chatParticipantCreator', user_id: 7n }, { _: 'chatParticipantAdmin' }, { _: 'chatParticipant' }] } },
  },
  'a member who joins a basic group': {
    given: push([chat], { _: 'updateChatParticipantAdd', chat_id: 4n, user_id: 9n, inviter_id: 7n, date: 2, version: 4 }),
    sees: { _: 'updateChatParticipantAdd', chat_id: 4n, user_id: 9n, version: 4 },
  },
  'a member who leaves a basic group': {
    given: push([chat], { _: 'updateChatParticipantDelete', chat_id: 4n, user_id: 9n, version: 4 }),
    sees: { _: 'updateChatParticipantDelete', user_id: 9n, version: 4 },
  },
  'an admin of a basic group': {
    given: push([chat], { _: 'updateChatParticipantAdmin', chat_id: 4n, user_id: 9n, is_admin: true, version: 4 }),
    sees: { _: 'updateChatParticipantAdmin', user_id: 9n, is_admin: true, version: 4 },
  },
  'what members may do': {
    given: push([chat], { _: 'updateChatDefaultBannedRights', peer: inChat, default_banned_rights: rights, version: 4 }),
    sees: { _: 'updateChatDefaultBannedRights', default_banned_rights: { pin_messages: true, until_date: 0 }, version: 4 },
  },
  'a basic group that has become a supergroup': {
    given: push([{ ...chat, deactivated: true, migrated_to: { _: 'inputChannel', channel_id: CHANNEL, access_hash: 6n } }, supergroup], ofChat(said({ _: 'messageActionChatMigrateTo', channel_id: CHANNEL }, inChat))),
    sees: { message: { action: { _: 'messageActionChatMigrateTo', channel_id: CHANNEL } } },
    shows: { _: 'chat', deactivated: true, migrated_to: { channel_id: CHANNEL } },
  },
  ...Object.fromEntries([
    action('chat', { _: 'messageActionChatCreate', title: 'Climbing', users: [7n, 9n] }),
    action('chat', { _: 'messageActionChatAddUser', users: [9n] }),
    action('chat', { _: 'messageActionChatDeleteUser', user_id: 9n }),
    action('chat', { _: 'messageActionChatEditTitle', title: 'Bouldering' }),
    action('chat', { _: 'messageActionPinMessage' }),
    action('channel', { _: 'messageActionChannelCreate', title: 'Climbing' }),
    action('channel', { _: 'messageActionChannelMigrateFrom', title: 'Climbing', chat_id: 4n }),
    action('channel', { _: 'messageActionChatAddUser', users: [9n] }),
    action('channel', { _: 'messageActionChatJoinedByLink', inviter_id: 7n }),
    action('channel', { _: 'messageActionSetMessagesTTL', period: 86_400 }),
  ]),
};
