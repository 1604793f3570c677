import { AdminRight, CHAT_ADMIN_RIGHTS, type ChannelMemberRow, type ChannelRow, type ChatMemberRow, type ChatRow, isAdmin, isChatRow, isForum, packAdminRights, standingIn } from '../chats/index.ts';
import type { UserRow } from '../peers/index.ts';
import type { tl } from '@aerogram/tl';

type PeerTypeOfChats = tl.requestPeerTypeChat | tl.requestPeerTypeBroadcast;

/** A group or channel, with the rows of two users in it. */
export interface ChatWithMembers {
  row: ChatRow | ChannelRow;
  /** The person who shares it. */
  person: ChatMemberRow | ChannelMemberRow | undefined;
  bot: ChatMemberRow | ChannelMemberRow | undefined;
}

/** What a bot is to become in a group or channel before somebody shares that. */
export type BotPlace = 'member' | { adminRights: number; rank: string };

/** A yes-or-no criterion, which a button may leave open. */
function fits(wanted: boolean | undefined, value: boolean): boolean {
  return wanted === undefined || wanted === value;
}

/** Whether a user is one of those for whom a button asks. Pure. @param premium whether the person who shares the user sees it as a subscriber of Premium */
export function isRequestedUser(type: tl.RequestPeerType, row: UserRow, premium: boolean): boolean {
  return type._ === 'requestPeerTypeUser' && !row.deleted && fits(type.bot, row.bot) && fits(type.premium, premium);
}

/** Whether a button asks for such a group or channel, whatever the bot is in it. The person must be a member. Pure. */
export function isRequestedChat(type: tl.RequestPeerType, { row, person }: Pick<ChatWithMembers, 'row' | 'person'>, nowDate: number): boolean {
  if (type._ !== 'requestPeerTypeChat' && type._ !== 'requestPeerTypeBroadcast') return false;
  const standing = standingIn(row, person, nowDate);
  if (standing.closed || standing.status !== 'member') return false;
  if ((standing.kind === 'broadcast') !== (type._ === 'requestPeerTypeBroadcast')) return false;
  if (type.creator === true && standing.role !== 'creator') return false;
  if (!fits(type.has_username, !isChatRow(row) && row.username !== null)) return false;
  if (type._ === 'requestPeerTypeChat' && !fits(type.forum, !isChatRow(row) && isForum(row))) return false;
  if (type.user_admin_rights !== undefined && !hasRights(standing, type.user_admin_rights)) return false;
  // All admins of a basic group have the same rights.
  return !isChatRow(row) || (adminRightsFor(type) & ~CHAT_ADMIN_RIGHTS) === 0;
}

/** What the bot has to become in a group or channel, so that the button is answered with that; undefined if it is that already. Pure. */
export function findMissingPlace(type: tl.RequestPeerType, { row, bot }: Pick<ChatWithMembers, 'row' | 'bot'>, nowDate: number): BotPlace | undefined {
  if (type._ !== 'requestPeerTypeChat' && type._ !== 'requestPeerTypeBroadcast') return undefined;
  const standing = standingIn(row, bot, nowDate);
  if (type.bot_admin_rights !== undefined) {
    if (hasRights(standing, type.bot_admin_rights)) return undefined;
    return { adminRights: adminRightsFor(type) | standing.adminRights, rank: isAdmin(standing) ? bot!.rank : '' };
  }
  return type._ === 'requestPeerTypeChat' && type.bot_participant === true && standing.status !== 'member' ? 'member' : undefined;
}

/** The rights that the bot is to have; 0 if it need not be an admin. Whoever has any, has the nameless one. */
function adminRightsFor({ bot_admin_rights: rights }: PeerTypeOfChats): number {
  return rights === undefined ? 0 : packAdminRights(rights) | AdminRight.other;
}

/** Whether somebody is an admin with at least these rights. The creator always is. */
function hasRights(standing: ReturnType<typeof standingIn>, rights: tl.ChatAdminRights): boolean {
  const wanted = packAdminRights(rights);
  return isAdmin(standing) && (standing.role === 'creator' || (standing.adminRights & wanted) === wanted);
}
