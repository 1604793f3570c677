import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { acceptPlaces, addPlaces } from '../acceptance/index.ts';
import { AdminRight, allFromAtJoin, type BotTerms, ChannelFlag, type ChannelMemberRow, isAnonymous, isForum, mayDo, plainMember, standingIn } from '../chats/index.ts';
import { BOT_CHANNELS_FACTOR, followChannel, unfollowChannel } from '../dialogs/index.ts';
import { checkBots, type Invitee, peopleOf } from '../groups/index.ts';
import { askToJoin } from '../invites/index.ts';
import { type Acting, type ChannelChange, checkChannelCount } from '../channel-state/index.ts';
import type { ChannelHandOver } from './channel-owner.ts';

/** How many members a supergroup may have, how many of the members of a channel may be bots, and how many channels a user may be in. */
export interface MemberLimits {
  supergroupMembersMax: number;
  channelsPerUserMax: number;
  botsPerGroupMax: number;
}

/** Returns how many more members a channel may have; never negative. Only supergroups have a limit. */
export function freePlaces({ row }: Pick<ChannelChange, 'row'>, { supergroupMembersMax }: Pick<MemberLimits, 'supergroupMembersMax'>): number {
  return row.kind === 'megagroup' ? Math.max(0, supergroupMembersMax - row.members) : Number.POSITIVE_INFINITY;
}

/** Groups with more members than this do not say that somebody joined or left. */
const SAID_MEMBERS_MAX = 200;

/** Makes the row of a user who becomes a member. Former members come back without their role, except the owner, and with restrictions that have not ended. */
function joined(channel: ChannelChange, userId: bigint, inviterId: bigint | null, bot?: BotTerms): ChannelMemberRow {
  const { row, date } = channel;
  const known = channel.memberOf(userId);
  const isCreator = row.creator_id === userId;
  const standing = standingIn(row, known, date);
  return {
    ...plainMember(row.channel_id, userId, date),
    status: 'member',
    role: isCreator ? 'creator' : 'member',
    admin_rights: isCreator ? (known?.admin_rights ?? 0) : 0,
    banned_rights: standing.bannedRights,
    until_date: standing.bannedRights === 0 ? 0 : known!.until_date,
    banned_by: standing.bannedRights === 0 ? null : known!.banned_by,
    inviter_id: inviterId,
    own_posts: known?.own_posts ?? 0,
    slow_mode_until: known?.slow_mode_until ?? 0,
    send_as: known?.send_as ?? null,
    hidden_max_id: (row.flags & ChannelFlag.hiddenPrehistory) === 0 ? 0 : channel.topMsgId,
    cleared_max_id: known?.cleared_max_id ?? 0,
    all_from: bot === undefined ? null : allFromAtJoin(bot, channel.topMsgId + 1),
  };
}

/** What the service message says about a new member. */
type EntryAction = tl.messageActionChatAddUser | tl.messageActionChatJoinedByLink | tl.messageActionChatJoinedByRequest;

/**
 * Adds the actor to a public channel, or to a discussion group of which the actor may read the comments. If admins have to let people in, it stores a request instead.
 * @returns undefined: the actor asks to be let in
 * @throws RpcError 400 USER_ALREADY_PARTICIPANT, CHANNEL_PRIVATE, USERS_TOO_MUCH, CHANNELS_TOO_MUCH
 */
export async function addSelf(channel: ChannelChange, { actorId }: Acting, limits: MemberLimits): Promise<tl.Update[] | undefined> {
  // A private discussion group is open to those who read its channel.
  if (channel.standing.comments === undefined) channel.check('view_messages');
  if (channel.memberOf(actorId)?.status === 'member') throw rpcError('USER_ALREADY_PARTICIPANT');
  const needsAdmin = (channel.row.flags & ChannelFlag.joinRequest) !== 0 && channel.row.creator_id !== actorId;
  if (needsAdmin) return requestToJoin(channel, actorId, '');
  return admit(channel, { actorId, userId: actorId, inviterId: null, action: { _: 'messageActionChatAddUser', users: [actorId] } }, limits);
}

/** Stores that somebody asks to be let in, and tells the admins. A repeat changes nothing. @param hash of the link; '' without a link @throws RpcError 400 USERS_TOO_MUCH, CHANNELS_TOO_MUCH */
export async function requestToJoin(channel: ChannelChange, userId: bigint, hash: string): Promise<undefined> {
  const { tx, peerId, date, row: { bots } } = channel;
  if (!(await askToJoin(tx, { peerId, userId, hash, date, bots }))) return;
  await channel.charge(userId);
  channel.announceRequests();
}

/** Somebody who comes into a channel. */
export interface Newcomer {
  actorId: bigint;
  userId: bigint;
  /** Who is shown as having invited them. */
  inviterId: bigint | null;
  action: EntryAction;
}

/** Adds a member, with a service message of theirs. @throws RpcError 400 USERS_TOO_MUCH, CHANNELS_TOO_MUCH for the actor, USER_CHANNELS_TOO_MUCH for somebody else */
export async function admit(channel: ChannelChange, { actorId, userId, inviterId, action }: Newcomer, limits: MemberLimits): Promise<tl.Update[]> {
  if (freePlaces(channel, limits) === 0) throw rpcError('USERS_TOO_MUCH');
  await checkChannelCount(channel.tx, actorId, [userId], limits.channelsPerUserMax);
  channel.setMember(joined(channel, userId, inviterId));
  const isSaid = saysMembers(channel) && !isAnonymous(channel.standingOf(userId));
  // An admin who lets people in does not wait because one of them has used up a quota.
  if (actorId !== userId) {
    if (isSaid) await channel.sayIfRoom(action, { authorId: userId });
  } else if (isSaid) await channel.say(action);
  else await channel.charge();
  // The service message was not written by anybody else, so nothing is unread.
  const follower = { userId, readMaxId: channel.topMsgId, readOrdinal: channel.ordinal, ownAtRead: channel.ownPostsOf(userId) };
  startTopics(channel, [userId], follower.readMaxId);
  await Promise.all([followChannel(channel.tx, channel.start, [follower]), acceptPlaces(channel, channel.peerId, [userId])]);
  return [channel.tellChannelChanged([userId])];
}

/**
 * Adds people to a channel. Those who are members already are left out. Restrictions of former members come back, unless the actor may lift them.
 * @param limits.isForAdmin they become admins next; only so do bots come into a broadcast channel
 * @returns who was not added, because of the limits of strangers
 * @throws RpcError 400 CHAT_ADMIN_REQUIRED, USER_KICKED, USERS_TOO_MUCH, USER_NOT_MUTUAL_CONTACT, USER_BLOCKED, USER_CHANNELS_TOO_MUCH, USER_BOT (in a broadcast channel bots
 * can only be admins), BOT_GROUPS_BLOCKED, BOTS_TOO_MUCH
 */
export async function addInvitees(channel: ChannelChange, { actorId }: Acting, invitees: readonly Invitee[], { isForAdmin = false, ...limits }: MemberLimits & { isForAdmin?: boolean }): Promise<ReadonlySet<bigint>> {
  channel.check('invite_users');
  const asked = invitees.filter((one) => one.adder !== undefined && channel.memberOf(one.userId)?.status !== 'member');
  for (const { userId, isMutual, refusal } of asked) {
    const known = channel.memberOf(userId);
    const isBanned = known !== undefined && standingIn(channel.row, known, channel.date).status === 'banned';
    if (isBanned && !mayDo(channel.standing, 'ban_users')) throw rpcError('USER_KICKED');
    if (refusal !== undefined) throw rpcError('USER_BLOCKED');
    if (known?.has_left === true && !isMutual && userId !== actorId) throw rpcError('USER_NOT_MUTUAL_CONTACT');
  }
  if (channel.row.kind === 'broadcast' && !isForAdmin && asked.some((one) => one.bot !== undefined)) throw rpcError('USER_BOT');
  checkBots(asked, channel.row.bots, limits.botsPerGroupMax);
  const { topMsgId: readMaxId, ordinal: readOrdinal } = channel;
  // New members see who invited them, and must not learn so who is an anonymous admin.
  const isHidden = isAnonymous(channel.standing);
  const { refusedIds, postsLeft } = await addPlaces(channel, { adderId: actorId, isHidden, peerId: channel.peerId, people: peopleOf(asked), ordinal: readOrdinal });
  const welcome = asked.filter((one) => !refusedIds.has(one.userId));
  if (welcome.length > freePlaces(channel, limits)) throw rpcError('USERS_TOO_MUCH');
  if (welcome.length === 0) return refusedIds;
  // The message after the last one that the budgets have room for.
  if (postsLeft !== undefined) channel.checkPlacesAfter(postsLeft + 1);
  // Places that are not accepted do not count, so that strangers cannot use up what somebody may have.
  const counted = welcome.filter((one) => one.adder === 'known');
  for (const [areBots, max] of [[false, limits.channelsPerUserMax], [true, BOT_CHANNELS_FACTOR * limits.channelsPerUserMax]] as const) {
    await checkChannelCount(channel.tx, actorId, counted.filter((one) => (one.bot !== undefined) === areBots).map((one) => one.userId), max);
  }
  const userIds = welcome.map((one) => one.userId);
  const lifted = mayDo(channel.standing, 'ban_users') ? { banned_rights: 0, until_date: 0, banned_by: null } : {};
  const inviterId = isHidden ? null : actorId;
  for (const { userId, bot } of welcome) channel.setMember({ ...joined(channel, userId, inviterId, bot), ...lifted });
  // The owner may be one of them, and anonymous.
  const said = userIds.filter((userId) => !isAnonymous(standingIn(channel.row, channel.memberOf(userId), channel.date)));
  if (saysMembers(channel) && said.length > 0) await channel.say({ _: 'messageActionChatAddUser', users: said });
  else await channel.charge();
  startTopics(channel, userIds, readMaxId);
  // The service message counts as unread, so that clients show the new channel with an unread message.
  await followChannel(channel.tx, channel.start, userIds.map((userId) => ({ userId, readMaxId, readOrdinal, ownAtRead: channel.ownPostsOf(userId) })));
  channel.tellChannelChanged(userIds);
  return refusedIds;
}

/** Removes the actor from a channel. @throws RpcError 400 USER_NOT_PARTICIPANT */
export async function removeSelf(channel: ChannelChange, { actorId }: Acting, handOver: Pick<ChannelHandOver, 'announce'>): Promise<tl.Update[]> {
  if (channel.memberOf(actorId)?.status !== 'member') throw rpcError('USER_NOT_PARTICIPANT');
  // Ordinary members do not know that an anonymous admin was there.
  if (saysMembers(channel) && !isAnonymous(channel.standing)) await channel.sayIfRoom({ _: 'messageActionChatDeleteUser', user_id: actorId });
  await endMembership(channel, actorId, handOver);
  return [channel.tellChannelChanged([actorId])];
}

/** Takes somebody out, without a service message. The next admin becomes the owner if the owner goes and does not come back. A repeat changes nothing. */
export async function endMembership(channel: ChannelChange, userId: bigint, handOver: Pick<ChannelHandOver, 'announce'>): Promise<void> {
  const member = channel.memberOf(userId);
  if (member?.status !== 'member') return;
  // An owner who comes back is as anonymous as before.
  const admin_rights = member.role === 'creator' ? member.admin_rights & AdminRight.anonymous : 0;
  channel.setMember({ ...member, status: 'left', role: 'member', admin_rights, rank: '', promoted_by: null, date: channel.date, has_left: true });
  await unfollowChannel(channel.tx, userId, channel.peerId);
  if (member.role === 'creator' && !channel.standing.closed) await handOver.announce(channel, userId);
}

/** In a forum, lets those of the people who join begin to read who have written there. */
function startTopics(channel: ChannelChange, userIds: readonly bigint[], readMaxId: number): void {
  if (isForum(channel.row)) channel.threads.startReading({ userIds: userIds.filter((userId) => channel.ownPostsOf(userId) > 0), readMaxId });
}

function saysMembers({ row }: ChannelChange): boolean {
  return row.kind === 'megagroup' && row.members <= SAID_MEMBERS_MAX;
}
