import { type ErrorName, rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { type ChannelMemberRow, type ChannelRow, type ChatKind, type ChatMemberRow, ChannelFlag, type ChatRow, isChatRow, kindOf } from './chat-row.ts';
import {
  AdminRight,
  type AdminRightName,
  ALL_ADMIN_RIGHTS,
  BannedRight,
  type BannedRightName,
  CHAT_ADMIN_RIGHTS,
  FOREVER_DATE,
  packBannedRights,
  SEND_RIGHTS,
} from './right-bits.ts';

/** Everything that decides what a user may do in a group or channel. */
export interface Standing {
  kind: ChatKind;
  /** Whether the chat was deleted, or is a basic group that became a supergroup. Nothing in it can change. */
  closed: boolean;
  /** Whether the chat is a basic group that became a supergroup. */
  migrated?: boolean;
  /** Whether the user may read the chat without being a member: it has a public username, or the user is its owner and has left it. */
  open: boolean;
  status: 'member' | 'left' | 'banned';
  /** For a user who is not in this discussion group but may read its channel: whether the user reads the comments of the channel's posts, or also writes such. See {@link withComments}. */
  comments?: 'read' | 'write';
  role: 'member' | 'admin' | 'creator';
  /** Bits of {@link AdminRight}; 0 for members. */
  adminRights: number;
  /** Bits of {@link BannedRight} that are forbidden to all members. */
  defaultRights: number;
  /** Bits of {@link BannedRight} that are forbidden to this member now. */
  bannedRights: number;
}

/**
 * Who may perform an action in one kind of chat. The creator always may, except with 'nobody'. `admin` is the right that an admin needs, or
 * `any` if every admin may. `member` is the right that must not be forbidden to a member, or `any` if every member may. Admins may also do
 * whatever members may.
 */
type Holders = 'nobody' | 'creator' | { admin: AdminRightName | 'any'; member?: BannedRightName | 'any' };

/** A row of the table of rights. */
interface Rule {
  /** Basic groups and supergroups. Admins of a basic group have {@link CHAT_ADMIN_RIGHTS}. */
  group: Holders;
  /** Gigagroups: supergroups in which only admins write. */
  gigagroup: Holders;
  broadcast: Holders;
  /** The error for users who may not perform the action. */
  error: ErrorName;
}

/** A rule for writing messages of one kind. */
const send = (member: BannedRightName, error: ErrorName): Rule => ({
  group: { admin: 'any', member },
  gigagroup: { admin: 'any' },
  broadcast: { admin: 'post_messages' },
  error,
});

/** A rule for an action of admins in all kinds of chat, and of members in groups unless it is forbidden to them. */
const shared = (right: AdminRightName & BannedRightName): Rule => ({
  group: { admin: right, member: right },
  gigagroup: { admin: right },
  broadcast: { admin: right },
  error: 'CHAT_ADMIN_REQUIRED',
});

/** A rule for an action of admins only. */
const adminOnly = (admin: AdminRightName, error: ErrorName = 'CHAT_ADMIN_REQUIRED'): Rule => ({
  group: { admin },
  gigagroup: { admin },
  broadcast: { admin },
  error,
});

/** A rule for an action of the creator only. */
const creatorOnly: Rule = { group: 'creator', gigagroup: 'creator', broadcast: 'creator', error: 'CHAT_ADMIN_REQUIRED' };

/** The table of rights. No other code decides who may do what. */
const RULES = {
  send_plain: send('send_plain', 'CHAT_SEND_PLAIN_FORBIDDEN'),
  send_photos: send('send_photos', 'CHAT_SEND_PHOTOS_FORBIDDEN'),
  send_videos: send('send_videos', 'CHAT_SEND_VIDEOS_FORBIDDEN'),
  send_roundvideos: send('send_roundvideos', 'CHAT_SEND_ROUNDVIDEOS_FORBIDDEN'),
  send_audios: send('send_audios', 'CHAT_SEND_AUDIOS_FORBIDDEN'),
  send_voices: send('send_voices', 'CHAT_SEND_VOICES_FORBIDDEN'),
  send_docs: send('send_docs', 'CHAT_SEND_DOCS_FORBIDDEN'),
  send_stickers: send('send_stickers', 'CHAT_SEND_STICKERS_FORBIDDEN'),
  send_gifs: send('send_gifs', 'CHAT_SEND_GIFS_FORBIDDEN'),
  send_games: send('send_games', 'CHAT_SEND_GAME_FORBIDDEN'),
  send_inline: send('send_inline', 'CHAT_SEND_INLINE_FORBIDDEN'),
  send_polls: send('send_polls', 'CHAT_SEND_POLL_FORBIDDEN'),
  embed_links: send('embed_links', 'CHAT_SEND_WEBPAGE_FORBIDDEN'),
  send_reactions: {
    group: { admin: 'any', member: 'send_reactions' },
    gigagroup: { admin: 'any', member: 'any' },
    broadcast: { admin: 'any', member: 'any' },
    error: 'CHAT_WRITE_FORBIDDEN',
  },
  change_info: shared('change_info'),
  invite_users: shared('invite_users'),
  pin_messages: { ...shared('pin_messages'), broadcast: { admin: 'edit_messages' } },
  manage_topics: { ...shared('manage_topics'), broadcast: 'nobody' },
  /** Changing the topics of others, and pinning topics. */
  manage_topics_of_all: { ...adminOnly('manage_topics'), broadcast: 'nobody' },
  manage_linked_peers: shared('manage_linked_peers'),
  /** Changing one's own rank; `manage_ranks` is for the ranks of others. */
  edit_own_rank: { group: { admin: 'any', member: 'edit_rank' }, gigagroup: { admin: 'any' }, broadcast: 'nobody', error: 'CHAT_ADMIN_REQUIRED' },
  manage_ranks: { ...adminOnly('manage_ranks'), broadcast: 'nobody' },
  add_admins: adminOnly('add_admins'),
  /** Making invite links, and deciding on join requests. Only admins may do this, even if ordinary members may add people. */
  manage_invites: adminOnly('invite_users'),
  /** Seeing and changing the invite links of other admins. */
  manage_invites_of_all: creatorOnly,
  /** Removing and restricting members, and changing the rights of all members. */
  ban_users: adminOnly('ban_users'),
  /** Deleting messages of others. */
  delete_messages: adminOnly('delete_messages', 'MESSAGE_DELETE_FORBIDDEN'),
  /** Editing posts of others. */
  edit_messages: { group: 'nobody', gigagroup: 'nobody', broadcast: { admin: 'edit_messages' }, error: 'MESSAGE_AUTHOR_REQUIRED' },
  manage_call: adminOnly('manage_call'),
  post_stories: adminOnly('post_stories'),
  edit_stories: adminOnly('edit_stories'),
  delete_stories: adminOnly('delete_stories'),
  manage_direct_messages: { ...adminOnly('manage_direct_messages'), group: 'nobody', gigagroup: 'nobody' },
  /** Seeing the list of members. */
  view_members: {
    group: { admin: 'any', member: 'any' },
    gigagroup: { admin: 'any', member: 'any' },
    broadcast: { admin: 'any' },
    error: 'CHAT_ADMIN_REQUIRED',
  },
  /** Reading what happened lately, and who did it. */
  view_admin_log: { group: { admin: 'any' }, gigagroup: { admin: 'any' }, broadcast: { admin: 'any' }, error: 'CHAT_ADMIN_REQUIRED' },
  /** Hiding the history from new members, or showing it. */
  hide_history: adminOnly('change_info'),
  /** Linking a broadcast channel with a discussion group, which needs the right in both, and unlinking them, which needs it in one of them. */
  link_discussion: { group: { admin: 'pin_messages' }, gigagroup: { admin: 'pin_messages' }, broadcast: { admin: 'change_info' }, error: 'CHAT_ADMIN_REQUIRED' },
  transfer: creatorOnly,
  convert_to_gigagroup: creatorOnly,
  /** Dividing the messages of a group into topics, or ending that. */
  toggle_forum: { ...creatorOnly, gigagroup: 'nobody', broadcast: 'nobody' },
  /** Making a supergroup of a basic group. */
  migrate: { ...creatorOnly, gigagroup: 'nobody', broadcast: 'nobody' },
  delete_chat: creatorOnly,
  /** Making the chat public under a username, or private again. */
  set_username: creatorOnly,
  /** Protecting the content: nothing can be forwarded out of the chat. */
  toggle_noforwards: creatorOnly,
} as const satisfies Record<string, Rule>;

/** An action in a group or channel. */
export type ChatAction = keyof typeof RULES | 'view_messages';

/** All actions. */
export const CHAT_ACTIONS: readonly ChatAction[] = ['view_messages', ...(Object.keys(RULES) as (keyof typeof RULES)[])];

/** The actions of writing messages. */
const SEND_ACTIONS: ReadonlySet<ChatAction> = new Set(
  CHAT_ACTIONS.filter((action) => action in BannedRight && (BannedRight[action as BannedRightName] & SEND_RIGHTS) !== 0),
);

/**
 * Derives a user's standing in a group or channel. Pure.
 * @param member the user's row; undefined if there is none
 * @param nowDate unix seconds, for restrictions with an end
 */
export function standingIn(row: ChatRow | ChannelRow, member: ChatMemberRow | ChannelMemberRow | undefined, nowDate: number): Standing {
  const { status, bannedRights } = restrictionOf(member, nowDate);
  const role = status === 'member' ? member!.role : 'member';
  return {
    kind: kindOf(row),
    closed: isChatRow(row) ? row.deactivated : (row.flags & ChannelFlag.deleted) !== 0,
    migrated: isChatRow(row) && row.migrated_to !== null,
    open: !isChatRow(row) && (row.username !== null || row.creator_id === member?.user_id),
    status,
    role,
    adminRights: role === 'member' ? 0 : adminRightsOf(row, member!),
    defaultRights: row.default_rights,
    bannedRights,
  };
}

/**
 * The standing of somebody in a discussion group, with what follows from reading the linked channel: the right to read and, unless the group wants everybody to
 * join for that, to write comments below the channel's posts, with the rights and restrictions of an ordinary member. Where such a user reads or writes has to be
 * checked besides. Pure.
 * @param readId plain id of the channel that the user was found to read; undefined: none
 */
export function withComments(standing: Standing, { kind, flags, linked_chat_id }: ChannelRow, readId: bigint | undefined): Standing {
  const isReader = readId !== undefined && readId === linked_chat_id && kind === 'megagroup' && standing.status === 'left' && !standing.closed;
  if (!isReader) return standing;
  return { ...standing, comments: (flags & ChannelFlag.joinToSend) === 0 ? 'write' : 'read' };
}

/** Whether somebody sees nothing of a discussion group but the comments on the posts of its channel. Pure. */
export function seesCommentsOnly({ comments, open }: Pick<Standing, 'comments' | 'open'>): boolean {
  return comments !== undefined && !open;
}

/** The user's membership status and the rights that are forbidden to the user now. */
function restrictionOf(member: ChatMemberRow | ChannelMemberRow | undefined, nowDate: number): Pick<Standing, 'status' | 'bannedRights'> {
  if (member === undefined) return { status: 'left', bannedRights: 0 };
  if (!('banned_rights' in member)) return { status: member.status, bannedRights: 0 };
  const isOver = member.until_date !== 0 && member.until_date <= nowDate;
  if (!isOver) return { status: member.status, bannedRights: member.banned_rights };
  return { status: member.status === 'banned' ? 'left' : member.status, bannedRights: 0 };
}

/** Bits of {@link AdminRight} of an admin or creator. The creator has all rights, but is anonymous only by choice. */
function adminRightsOf(row: ChatRow | ChannelRow, member: ChatMemberRow | ChannelMemberRow): number {
  const chosen = 'admin_rights' in member ? member.admin_rights : 0;
  if (member.role === 'creator') return (ALL_ADMIN_RIGHTS & ~AdminRight.anonymous) | (chosen & AdminRight.anonymous);
  return isChatRow(row) ? CHAT_ADMIN_RIGHTS : chosen;
}

/**
 * The error for performing an action without permission. Pure.
 * @returns undefined if the action is allowed
 */
export function findRefusal(standing: Standing, action: ChatAction): ErrorName | undefined {
  const { kind, closed, migrated, open, status, comments } = standing;
  const isChat = kind === 'chat';
  // Whoever may only read comments in the group may open it, but not read its other messages.
  const isOutside = status === 'left' && !open && (comments === undefined || action === 'view_messages');
  // A user who left a basic group still has its messages in the own box. A channel is invisible to users without access (rule P33, leaving errors).
  if (!isChat && (closed || status === 'banned' || isOutside)) return 'CHANNEL_PRIVATE';
  if (action === 'view_messages') return undefined;
  // Clients that still use the old group drop it from their lists.
  if (migrated === true) return 'CHAT_ID_INVALID';
  const { error, ...rule } = RULES[action];
  const holders: Holders = rule[kind === 'chat' || kind === 'megagroup' ? 'group' : kind];
  const isWriting = SEND_ACTIONS.has(action) || action === 'send_reactions';
  if (isWriting && comments === 'read') return 'CHAT_GUEST_SEND_FORBIDDEN';
  const isCommenting = isWriting && comments === 'write';
  if (closed || (status !== 'member' && !isCommenting)) return isChat || isWriting ? 'CHAT_WRITE_FORBIDDEN' : error;
  if (isHolder(standing, holders)) return undefined;
  return SEND_ACTIONS.has(action) ? whyNotSend(standing, error) : error;
}

function isHolder({ role, adminRights, defaultRights, bannedRights }: Standing, holders: Holders): boolean {
  if (holders === 'nobody') return false;
  if (role === 'creator') return true;
  if (holders === 'creator') return false;
  const { admin, member } = holders;
  if (role === 'admin' && (admin === 'any' || (adminRights & AdminRight[admin]) !== 0)) return true;
  if (member === undefined) return false;
  return member === 'any' || ((defaultRights | bannedRights) & BannedRight[member]) === 0;
}

/**
 * The error for a member who may not write: it depends on whether writing is forbidden to all members, to this one, or only for this kind
 * of message.
 */
function whyNotSend({ kind, defaultRights, bannedRights }: Standing, error: ErrorName): ErrorName {
  if (kind === 'broadcast') return 'CHAT_ADMIN_REQUIRED';
  if (kind === 'gigagroup' || (defaultRights & SEND_RIGHTS) === SEND_RIGHTS) return 'CHAT_WRITE_FORBIDDEN';
  return (bannedRights & SEND_RIGHTS) === SEND_RIGHTS ? 'USER_BANNED_IN_CHANNEL' : error;
}

/** Whether an action is allowed. Pure. */
export function mayDo(standing: Standing, action: ChatAction): boolean {
  return findRefusal(standing, action) === undefined;
}

/**
 * Checks that an action is allowed. Code that writes must call it with rows that were read under the lock of the chat's counter.
 * @throws RpcError CHANNEL_PRIVATE, CHAT_ID_INVALID, CHAT_WRITE_FORBIDDEN, CHAT_GUEST_SEND_FORBIDDEN, CHAT_ADMIN_REQUIRED, USER_BANNED_IN_CHANNEL, CHAT_SEND_…_FORBIDDEN,
 * MESSAGE_DELETE_FORBIDDEN, MESSAGE_AUTHOR_REQUIRED
 */
export function checkRight(standing: Standing, action: ChatAction): void {
  const error = findRefusal(standing, action);
  // The cast is safe: no error in the table has a number in its name.
  if (error !== undefined) throw rpcError(error as 'CHAT_ADMIN_REQUIRED');
}

/** Whether the user is the creator or an admin now. Pure. */
export function isAdmin({ status, role }: Standing): boolean {
  return status === 'member' && role !== 'member';
}

/** Whether the user's messages show the group as their author, as admins of supergroups may choose. Pure. */
export function isAnonymous(standing: Standing): boolean {
  const { kind, adminRights } = standing;
  const isGroup = kind === 'megagroup' || kind === 'gigagroup';
  return isGroup && isAdmin(standing) && (adminRights & AdminRight.anonymous) !== 0;
}

/**
 * Checks what ordinary members of a group are to be forbidden, as a client sends it, and converts it to bits of {@link BannedRight}. Pure.
 * @throws RpcError 400 UNTIL_DATE_INVALID (it has no end), BANNED_RIGHTS_INVALID (everybody may read)
 */
export function packDefaultRights(rights: tl.chatBannedRights): number {
  if (rights.until_date !== 0 && rights.until_date !== FOREVER_DATE) throw rpcError('UNTIL_DATE_INVALID');
  if (rights.view_messages === true) throw rpcError('BANNED_RIGHTS_INVALID');
  return packBannedRights(rights);
}

/**
 * Checks that a user may make another one an admin with these rights: nobody can grant rights that they do not have.
 * @param rights bits of {@link AdminRight}
 * @throws RpcError 400 CHAT_ADMIN_REQUIRED, 403 RIGHT_FORBIDDEN
 */
export function checkGrant(standing: Standing, rights: number): void {
  checkRight(standing, 'add_admins');
  if (standing.role !== 'creator' && (rights & ~standing.adminRights) !== 0) throw rpcError('RIGHT_FORBIDDEN');
}
