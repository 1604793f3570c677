import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import {
  ALL_ADMIN_RIGHTS,
  ALL_BANNED_RIGHTS,
  AdminRight,
  BannedRight,
  type ChannelMemberRow,
  checkGrant,
  findChannelRows,
  isAnonymous,
  packAdminRights,
  packBannedRights,
  plainMember,
  type Standing,
  standingIn,
} from '../chats/index.ts';
import { unfollowChannel } from '../dialogs/index.ts';
import { channelIdOf } from '../events/index.ts';
import { checkedRank, type Invitee } from '../groups/index.ts';
import type { Acting, ChannelChange } from '../channel-state/index.ts';
import { addInvitees, type MemberLimits } from './channel-members.ts';

/** Rights that give no power over others. */
const HARMLESS_RIGHTS = AdminRight.other | AdminRight.anonymous;

/**
 * Whether somebody may change or take away what another admin may do: the owner may, and who gave that admin the rights and still has all of them. Pure.
 * @param standing of the actor
 */
export function hasPowerOver({ role, adminRights }: Standing, actorId: bigint, target: Pick<ChannelMemberRow, 'promoted_by' | 'admin_rights'>): boolean {
  if (role === 'creator') return true;
  return target.promoted_by === actorId && (target.admin_rights & ~(adminRights | HARMLESS_RIGHTS)) === 0;
}

/** The new rights of an admin. */
export interface AdminEdit extends Acting {
  userId: bigint;
  /** The user, if it is a bot: a bot that is no member yet is added. */
  bot?: Invitee | undefined;
  rights: tl.chatAdminRights;
  /** The title beside the name; '' for none. */
  rank: string;
}

/**
 * Makes a member an admin, changes what an admin may do, or takes all of it away. A bot need not be a member before, and leaves a broadcast channel in which it is
 * no admin any more.
 * @throws RpcError as {@link addInvitees} for a bot that is no member, 400 USER_NOT_PARTICIPANT, USER_CREATOR, CHAT_ADMIN_REQUIRED, ADMIN_RANK_INVALID, ADMIN_RANK_EMOJI_NOT_ALLOWED, 403 RIGHT_FORBIDDEN
 */
export async function editAdmin(channel: ChannelChange, edit: AdminEdit, limits: MemberLimits): Promise<tl.Update[]> {
  const { actorId, userId, bot, rights, rank } = edit;
  const clean = checkedRank(rank);
  if (bot !== undefined && channel.memberOf(userId)?.status !== 'member' && packAdminRights(rights) !== 0) {
    channel.check('add_admins');
    await addInvitees(channel, edit, [bot], { ...limits, isForAdmin: true });
  }
  const target = channel.memberOf(userId);
  if (target?.status !== 'member') throw rpcError('USER_NOT_PARTICIPANT');
  const wanted = packAdminRights(rights);
  if (target.role === 'creator') {
    if (userId !== actorId) throw rpcError('USER_CREATOR');
    const admin_rights = (ALL_ADMIN_RIGHTS & ~AdminRight.anonymous) | (wanted & AdminRight.anonymous);
    return changeMember(channel, target, { ...target, admin_rights, rank: clean });
  }
  checkGrant(channel.standing, wanted);
  if (target.role === 'admin' && userId !== actorId && !hasPowerOver(channel.standing, actorId, target)) throw rpcError('CHAT_ADMIN_REQUIRED');
  const isAdmin = wanted !== 0;
  if (!isAdmin && target.role === 'admin' && target.all_from !== null && channel.row.kind === 'broadcast') return dropBot(channel, target);
  // An admin has no restrictions, so that making somebody an admin lifts them.
  if (isAdmin && standingIn(channel.row, target, channel.date).bannedRights !== 0) channel.check('ban_users');
  const restrictions = isAdmin ? { banned_rights: 0, until_date: 0, banned_by: null } : {};
  return changeMember(channel, target, {
    ...target,
    ...restrictions,
    role: isAdmin ? 'admin' : 'member',
    admin_rights: isAdmin ? wanted | AdminRight.other : 0,
    rank: isAdmin ? clean : '',
    promoted_by: !isAdmin ? null : userId === actorId ? target.promoted_by : actorId,
  });
}

/**
 * Sets what stands beside the name of a member: `rank`, '' for nothing. Who has the right sets it for others, and members for themselves unless that is forbidden. Only the owner changes that of the owner, and
 * what stands beside the name of an admin is changed by those who may change the admin's rights.
 * @throws RpcError 400 ADMIN_RANK_INVALID, ADMIN_RANK_EMOJI_NOT_ALLOWED, USER_NOT_PARTICIPANT, CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED
 */
export async function editRank(channel: ChannelChange, { actorId, userId, rank }: Acting & { userId: bigint; rank: string }): Promise<tl.Update[]> {
  const clean = checkedRank(rank);
  channel.check(userId === actorId ? 'edit_own_rank' : 'manage_ranks');
  const target = channel.memberOf(userId);
  if (target?.status !== 'member') throw rpcError('USER_NOT_PARTICIPANT');
  if (userId !== actorId && (target.role === 'creator' || (target.role === 'admin' && !hasPowerOver(channel.standing, actorId, target)))) throw rpcError('CHAT_ADMIN_REQUIRED');
  if (target.rank === clean) throw rpcError('CHAT_NOT_MODIFIED');
  await channel.charge();
  channel.setMember({ ...target, rank: clean });
  // Others see it beside the name when they load members or messages, so nobody's own box is written.
  return [channel.tellChannelChanged([])];
}

/** Takes a bot out of a broadcast channel, where bots are admins or nothing. It can be added again. */
async function dropBot(channel: ChannelChange, bot: ChannelMemberRow): Promise<tl.Update[]> {
  await channel.charge();
  channel.setMember({ ...bot, status: 'left', role: 'member', admin_rights: 0, rank: '', promoted_by: null, date: channel.date });
  await unfollowChannel(channel.tx, bot.user_id, channel.peerId);
  return [channel.tellChannelChanged([bot.user_id])];
}

/** Changes a member who stays one, and tells them. It counts as if it added a service message. Does nothing if nothing changes. @throws RpcError 420 FLOOD_WAIT_%d */
async function changeMember(channel: ChannelChange, before: ChannelMemberRow, after: ChannelMemberRow): Promise<tl.Update[]> {
  if (isSameRow(before, after)) return [];
  await channel.charge();
  channel.setMember(after);
  return [channel.tellChannelChanged([after.user_id])];
}

/** Whether all columns of two rows are the same. Pure. */
function isSameRow(one: ChannelMemberRow, other: ChannelMemberRow): boolean {
  return (Object.keys(one) as (keyof ChannelMemberRow)[]).every((column) => one[column] === other[column]);
}

/** A restriction that ends sooner than this, in seconds from now, never ends. */
const SHORTEST_S = 30;
/** A restriction that ends later than this, in seconds from now, never ends. */
const LONGEST_S = 366 * 86_400;

/** What somebody may not do from now on. */
export interface BanEdit extends Acting {
  userId: bigint;
  rights: tl.chatBannedRights;
}

/**
 * Restricts, removes or bans somebody, or ends a restriction or ban. Only members are told, so that nobody can reach others by banning them. A repeat changes
 * nothing.
 * @throws RpcError 400 USER_ADMIN_INVALID, USER_ID_INVALID, CHAT_ADMIN_REQUIRED, 420 FLOOD_WAIT_%d (for a restriction; whoever is removed is always removed)
 */
export async function editBanned(channel: ChannelChange, { actorId, userId, rights }: BanEdit): Promise<tl.Update[]> {
  channel.check('ban_users');
  if (userId === actorId) throw rpcError('USER_ID_INVALID');
  const { date, standing, row } = channel;
  const known = channel.memberOf(userId);
  // The owner stays the owner while away.
  const isBeyond = row.creator_id === userId || (known?.role === 'admin' && !hasPowerOver(standing, actorId, known));
  if (isBeyond) throw rpcError('USER_ADMIN_INVALID');
  const bits = packBannedRights(rights);
  const isRemoved = (bits & BannedRight.view_messages) !== 0;
  const lasts = rights.until_date - date;
  const until_date = bits === 0 || lasts < SHORTEST_S || lasts > LONGEST_S ? 0 : rights.until_date;
  const wasMember = known?.status === 'member';
  const before = known ?? plainMember(row.channel_id, userId, date);
  const member: ChannelMemberRow = {
    ...before,
    status: isRemoved ? 'banned' : wasMember ? 'member' : 'left',
    banned_rights: isRemoved ? ALL_BANNED_RIGHTS : bits,
    until_date,
    banned_by: bits === 0 ? null : actorId,
    ...(bits === 0 ? {} : { role: 'member' as const, admin_rights: 0, rank: '', promoted_by: null }),
  };
  // Who has banned somebody first stays the one who did it.
  if (isSameRow(before, { ...member, banned_by: before.banned_by })) return [];
  if (!isRemoved && wasMember) {
    await changeMember(channel, before, member);
    return [];
  }
  channel.setMember(isRemoved ? { ...member, date } : member);
  if (!wasMember) return [];
  if (row.kind === 'megagroup' && !isAnonymous(standingIn(row, known, date))) await channel.sayIfRoom({ _: 'messageActionChatDeleteUser', user_id: userId });
  await unfollowChannel(channel.tx, userId, channel.peerId);
  channel.tellChannelChanged([userId]);
  return [];
}

/** What people may not do any more in the name of a channel. */
export interface ChannelBanEdit extends Acting {
  /** Marked id of the channel. */
  authorId: bigint;
  rights: tl.chatBannedRights;
}

/**
 * Bans a channel in whose name somebody writes in a group, or ends the ban. Every restriction bans: a channel does nothing in a group but write.
 * @throws RpcError 400 PARTICIPANT_ID_INVALID for the group itself and in broadcast channels, CHAT_ADMIN_REQUIRED
 */
export async function editBannedChannel(channel: ChannelChange, { actorId, authorId, rights }: ChannelBanEdit): Promise<tl.Update[]> {
  channel.check('ban_users');
  const { row, date, peerId } = channel;
  if (authorId === peerId || row.kind === 'broadcast') throw rpcError('PARTICIPANT_ID_INVALID');
  const known = channel.memberOf(authorId);
  const isBan = packBannedRights(rights) !== 0;
  if ((known?.status === 'banned') === isBan) return [];
  const banned_owner_id = isBan ? await findOwnerOf(channel, authorId) : null;
  const ban = isBan ? ({ status: 'banned', banned_rights: ALL_BANNED_RIGHTS, banned_by: actorId, date } as const) : ({ status: 'left', banned_rights: 0, banned_by: null } as const);
  channel.setMember({ ...(known ?? plainMember(row.channel_id, authorId, date)), ...ban, banned_owner_id });
  return [];
}

/** The owner of another channel now; null if there is no such channel. @param markedId of that channel */
async function findOwnerOf({ tx }: ChannelChange, markedId: bigint): Promise<bigint | null> {
  const [author] = await findChannelRows(tx, [channelIdOf(markedId)]);
  return author?.creator_id ?? null;
}
