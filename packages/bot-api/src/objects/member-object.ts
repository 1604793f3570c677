import type { tl } from '@aerogram/tl';

import type { ChatKind } from './chat-object.ts';
import { ifText, type JsonObject } from './json-object.ts';
import type { KnownPeers } from './known-peers.ts';
import { CHANNEL_AUTHOR } from './user-object.ts';

/** The date with which the server says that a restriction has no end. */
const FOREVER_DATE = 2 ** 31 - 1;

/** The rights of the admins of a basic group, who all have the same. */
const GROUP_ADMIN_RIGHTS: tl.chatAdminRights = {
  _: 'chatAdminRights', change_info: true, delete_messages: true, ban_users: true, invite_users: true, pin_messages: true, manage_call: true, manage_ranks: true, other: true,
};

/** Where somebody is a member. */
export interface MemberPlace {
  peers: KnownPeers;
  kind: ChatKind;
  /** Whom it is about. */
  userId: bigint;
}

/** The fields of a ChatAdministratorRights object, which ChatMemberAdministrator has, too. Some are there only for the kinds of chats that have such a right. */
export function projectAdminRights(rights: tl.chatAdminRights, kind: ChatKind): JsonObject {
  const has = (right: Exclude<keyof tl.chatAdminRights, '_'>): boolean => rights[right] === true;
  const isChannel = kind === 'channel';
  return {
    // Posts of a broadcast channel never name their author, so the field says nothing about its admins.
    is_anonymous: !isChannel && has('anonymous'),
    // Whoever has any right of an admin has this one, too, even if the rights do not name it.
    can_manage_chat: Object.values(rights).includes(true),
    can_delete_messages: has('delete_messages'),
    can_manage_video_chats: has('manage_call'),
    can_restrict_members: has('ban_users'),
    can_promote_members: has('add_admins'),
    can_change_info: has('change_info'),
    can_invite_users: has('invite_users'),
    can_post_stories: has('post_stories'),
    can_edit_stories: has('edit_stories'),
    can_delete_stories: has('delete_stories'),
    can_send_welcome_messages: false,
    ...(isChannel
      ? { can_post_messages: has('post_messages'), can_edit_messages: has('edit_messages'), can_manage_direct_messages: has('manage_direct_messages') }
      : { can_pin_messages: has('pin_messages'), can_manage_tags: has('manage_ranks'), ...(kind === 'supergroup' && { can_manage_topics: has('manage_topics') }) }),
  };
}

/** The fields of a ChatPermissions object, which ChatMemberRestricted has, too: what is not forbidden. */
export function projectPermissions(rights: tl.chatBannedRights | undefined): JsonObject {
  const may = (...forbidden: Exclude<keyof tl.chatBannedRights, '_' | 'until_date'>[]): boolean => rights?.view_messages !== true && forbidden.every((right) => rights?.[right] !== true);
  const media = {
    can_send_audios: may('send_audios', 'send_media', 'send_messages'),
    can_send_documents: may('send_docs', 'send_media', 'send_messages'),
    can_send_photos: may('send_photos', 'send_media', 'send_messages'),
    can_send_videos: may('send_videos', 'send_media', 'send_messages'),
    can_send_video_notes: may('send_roundvideos', 'send_media', 'send_messages'),
    can_send_voice_notes: may('send_voices', 'send_media', 'send_messages'),
  };
  return {
    can_send_messages: may('send_plain', 'send_messages'),
    can_send_media_messages: !Object.values(media).includes(false),
    ...media,
    can_send_polls: may('send_polls', 'send_messages'),
    can_send_other_messages: may('send_stickers', 'send_gifs', 'send_games', 'send_inline', 'send_messages'),
    can_add_web_page_previews: may('embed_links', 'send_messages'),
    can_react_to_messages: may('send_reactions'),
    can_change_info: may('change_info'),
    can_invite_users: may('invite_users'),
    can_edit_tag: may('edit_rank'),
    can_pin_messages: may('pin_messages'),
    can_manage_topics: may('manage_topics'),
  };
}

/** Whom a member of a channel is about; undefined for channels, which may be banned in groups. */
export function memberIdOf(participant: tl.ChannelParticipant | tl.ChatParticipant): bigint | undefined {
  if ('user_id' in participant) return participant.user_id;
  return participant.peer._ === 'peerUser' ? participant.peer.user_id : undefined;
}

/**
 * A ChatMember object.
 * @param participant undefined for those who are no members
 */
export function projectMember(participant: tl.ChannelParticipant | tl.ChatParticipant | undefined, { peers, kind, userId }: MemberPlace): JsonObject {
  const id = participant === undefined ? userId : memberIdOf(participant);
  const user = id === undefined ? CHANNEL_AUTHOR : peers.user(id);
  switch (participant?._) {
    case 'channelParticipantCreator':
      return { status: 'creator', user, is_anonymous: kind !== 'channel' && participant.admin_rights.anonymous === true, custom_title: ifText(participant.rank) };
    case 'chatParticipantCreator':
      return { status: 'creator', user, is_anonymous: false, custom_title: ifText(participant.rank) };
    case 'channelParticipantAdmin':
      return { status: 'administrator', user, can_be_edited: participant.can_edit === true, ...projectAdminRights(participant.admin_rights, kind), custom_title: ifText(participant.rank) };
    case 'chatParticipantAdmin':
      return { status: 'administrator', user, can_be_edited: false, ...projectAdminRights(GROUP_ADMIN_RIGHTS, 'group'), custom_title: ifText(participant.rank) };
    case 'channelParticipantBanned':
      return projectBanned(participant, user);
    case 'channelParticipant':
    case 'channelParticipantSelf':
      return { status: 'member', user, tag: ifText(participant.rank), until_date: participant.subscription_until_date };
    case 'chatParticipant':
      return { status: 'member', user, tag: ifText(participant.rank) };
    case 'channelParticipantLeft':
    case undefined:
      return { status: 'left', user };
  }
}

function projectBanned({ banned_rights: rights, left, rank }: tl.channelParticipantBanned, user: JsonObject): JsonObject {
  const until_date = rights.until_date === FOREVER_DATE ? 0 : rights.until_date;
  if (rights.view_messages === true) return { status: 'kicked', user, until_date };
  return { status: 'restricted', user, tag: ifText(rank), is_member: left !== true, ...projectPermissions(rights), until_date };
}

/** A ChatInviteLink object; undefined for what is no link, such as that somebody has asked to join a public group. */
export function projectInviteLink(invite: tl.ExportedChatInvite | undefined, peers: KnownPeers): JsonObject | undefined {
  if (invite?._ !== 'chatInviteExported') return undefined;
  return {
    invite_link: invite.link,
    creator: peers.user(invite.admin_id),
    creates_join_request: invite.request_needed === true,
    is_primary: invite.permanent === true,
    is_revoked: invite.revoked === true,
    name: ifText(invite.title),
    expire_date: invite.expire_date,
    member_limit: invite.usage_limit,
    pending_join_request_count: invite.requested,
  };
}
