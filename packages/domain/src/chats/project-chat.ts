import type { tl } from '@aerogram/tl';

import { type PhotoColumns, projectColor, projectEmojiStatus, projectMarks, projectPeerPhoto } from '../peers/index.ts';
import { ChannelFlag, type ChannelMemberRow, type ChannelRow, type ChatMemberRow, type ChatRow, isForum } from './chat-row.ts';
import { projectAdminRights, projectBannedRights, projectOwnAdminRights } from './right-bits.ts';
import { mayDo, type Standing, standingIn } from './rights.ts';

/** Returns true or undefined, never false: TL encodes a flag by its presence. */
const flag = (value: boolean): true | undefined => (value ? true : undefined);

/** The photo beside the title. Pure. */
function projectPhoto(row: PhotoColumns): tl.ChatPhoto {
  const photo = projectPeerPhoto(row);
  return photo === undefined ? { _: 'chatPhotoEmpty' } : { _: 'chatPhoto', ...photo };
}

/** What the viewer may do as an admin. Apps give a creator all buttons, whatever the rights say. Pure. */
function ownRights({ role, adminRights }: Pick<Standing, 'role' | 'adminRights'>): tl.chatAdminRights | undefined {
  if (role === 'member') return undefined;
  return role === 'creator' ? projectAdminRights(adminRights) : projectOwnAdminRights(adminRights);
}

/** The viewer-specific input of the projections. */
export interface ChatView {
  nowDate: number;
  /**
   * Returns the access hash with which the viewer can refer to a channel.
   * @param channelId the plain id of the channel
   */
  hashOf(channelId: bigint): bigint;
}

/**
 * A basic group as one viewer sees it. Users who were never in it see nothing, and removed members only its name. Members of the supergroup that it
 * became, whose first message names it, also see its name. Pure.
 * @param member the viewer's row; undefined if there is none
 */
export function projectChat(view: ChatView, row: ChatRow, member: ChatMemberRow | undefined): tl.Chat {
  const { chat_id: id, title, date, version } = row;
  if (member === undefined && row.migrated_to === null) return { _: 'chatEmpty', id };
  if (member === undefined || member.status === 'banned') return { _: 'chatForbidden', id, title };
  const { role, adminRights } = standingIn(row, member, view.nowDate);
  const isIn = member.status === 'member';
  return {
    _: 'chat',
    creator: flag(role === 'creator'),
    left: flag(!isIn),
    deactivated: flag(row.deactivated),
    noforwards: flag(row.noforwards),
    id,
    title,
    photo: projectPhoto(row),
    // The member count is hidden from users who are not in the group, and if the group is deactivated.
    participants_count: isIn && !row.deactivated ? row.members : 0,
    date,
    version,
    migrated_to: isIn && row.migrated_to !== null ? { _: 'inputChannel', channel_id: row.migrated_to, access_hash: view.hashOf(row.migrated_to) } : undefined,
    admin_rights: ownRights({ role, adminRights }),
    default_banned_rights: projectBannedRights(row.default_rights),
  };
}

/**
 * A channel as one viewer sees it, with the viewer's own access hash. Users without access see only its name. Pure.
 * @param member the viewer's row; undefined if there is none
 */
export function projectChannel(view: ChatView, row: ChannelRow, member: ChannelMemberRow | undefined): tl.Chat {
  const { channel_id: id, title } = row;
  const standing = standingIn(row, member, view.nowDate);
  const kind = { broadcast: flag(row.kind === 'broadcast'), megagroup: flag(row.kind !== 'broadcast') };
  if (!mayDo(standing, 'view_messages')) {
    const until_date = standing.status === 'banned' && member!.until_date !== 0 ? member!.until_date : undefined;
    return { _: 'channelForbidden', ...kind, id, access_hash: view.hashOf(id), title, until_date };
  }
  const { role, adminRights, bannedRights } = standing;
  const has = (bit: number): true | undefined => flag((row.flags & bit) !== 0);
  const isBroadcast = row.kind === 'broadcast';
  return {
    _: 'channel',
    ...kind,
    ...projectMarks(row),
    creator: flag(role === 'creator'),
    left: flag(standing.status !== 'member'),
    gigagroup: flag(row.kind === 'gigagroup'),
    signatures: isBroadcast ? has(ChannelFlag.signatures) : undefined,
    signature_profiles: isBroadcast ? has(ChannelFlag.signatureProfiles) : undefined,
    slowmode_enabled: flag(!isBroadcast && row.slow_mode_seconds > 0),
    noforwards: has(ChannelFlag.noforwards),
    has_link: flag(row.linked_chat_id !== null),
    join_to_send: isBroadcast ? undefined : has(ChannelFlag.joinToSend),
    join_request: has(ChannelFlag.joinRequest),
    forum: isForum(row) ? true : undefined,
    forum_tabs: isForum(row) ? has(ChannelFlag.forumTabs) : undefined,
    id,
    access_hash: view.hashOf(id),
    title,
    username: row.username ?? undefined,
    photo: projectPhoto(row),
    date: standing.status === 'member' ? member!.date : row.date,
    admin_rights: ownRights({ role, adminRights }),
    banned_rights: bannedRights === 0 ? undefined : projectBannedRights(bannedRights, member!.until_date),
    default_banned_rights: isBroadcast ? undefined : projectBannedRights(row.default_rights),
    participants_count: row.members,
    color: projectColor(row.color, row.color_emoji_id),
    profile_color: projectColor(row.profile_color, row.profile_color_emoji_id),
    emoji_status: projectEmojiStatus(row, view.nowDate),
  };
}

/**
 * A channel as somebody sees it who has a link by which they can join: name and number of members, but no more of a private one. Pure.
 * @param member the viewer's row; undefined if there is none
 */
export function projectLinkedChannel(view: ChatView, row: ChannelRow, member: ChannelMemberRow | undefined): tl.Chat {
  const known = projectChannel(view, row, member);
  const { status, closed } = standingIn(row, member, view.nowDate);
  if (known._ !== 'channelForbidden' || status === 'banned' || closed) return known;
  const { broadcast, megagroup, id, access_hash, title } = known;
  const join_request = flag((row.flags & ChannelFlag.joinRequest) !== 0);
  return { _: 'channel', broadcast, megagroup, ...projectMarks(row), left: true, join_request, id, access_hash, title, photo: { _: 'chatPhotoEmpty' }, date: row.date, participants_count: row.members };
}

/**
 * A private discussion group as somebody sees it who reads and writes comments there without being a member: what clients need for that, and neither the members
 * nor the photo. Pure.
 * @param member the viewer's row; undefined if there is none
 */
export function projectCommentedGroup(view: ChatView, row: ChannelRow, member: ChannelMemberRow | undefined): tl.channel {
  const { bannedRights } = standingIn(row, member, view.nowDate);
  const has = (bit: number): true | undefined => flag((row.flags & bit) !== 0);
  return {
    _: 'channel',
    megagroup: true,
    ...projectMarks(row),
    left: true,
    has_link: true,
    slowmode_enabled: flag(row.slow_mode_seconds > 0),
    noforwards: has(ChannelFlag.noforwards),
    join_to_send: has(ChannelFlag.joinToSend),
    join_request: has(ChannelFlag.joinRequest),
    id: row.channel_id,
    access_hash: view.hashOf(row.channel_id),
    title: row.title,
    photo: { _: 'chatPhotoEmpty' },
    date: row.date,
    banned_rights: bannedRights === 0 ? undefined : projectBannedRights(bannedRights, member!.until_date),
    default_banned_rights: projectBannedRights(row.default_rights),
  };
}

/** A member for the list of a basic group's members. Pure. */
export function projectChatParticipant({ user_id, inviter_id, date, role, rank: given }: ChatMemberRow): tl.ChatParticipant {
  const rank = given === '' ? undefined : given;
  switch (role) {
    case 'creator':
      return { _: 'chatParticipantCreator', user_id, rank };
    case 'admin':
      return { _: 'chatParticipantAdmin', user_id, inviter_id, date, rank };
    case 'member':
      return { _: 'chatParticipant', user_id, inviter_id, date, rank };
  }
}

/**
 * The list of a basic group's members, which only members can see. Pure.
 * @param members all present members
 */
export function projectChatParticipants(row: ChatRow, viewerId: bigint, members: readonly ChatMemberRow[]): tl.ChatParticipants {
  const { chat_id } = row;
  if (row.deactivated || !members.some((member) => member.user_id === viewerId)) return { _: 'chatParticipantsForbidden', chat_id };
  return { _: 'chatParticipants', chat_id, participants: members.map(projectChatParticipant), version: row.version };
}
