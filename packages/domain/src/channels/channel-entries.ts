import { RpcError, rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { ChannelFlag, type ChannelRow, findChannelMembers, isAdmin, isAnonymous, mayDo, standingIn } from '../chats/index.ts';
import { accessInvite, type Decisions, findInvite, findJoinRequest, findJoinRequests, findRequestLink, findRequestsUpdate, type InviteRow, isInviteOver, isInviteUsedUp, projectInvite, saveImporter, settleEntrances } from '../invites/index.ts';
import { type Acting, ANONYMOUS_ADMIN_ID, type ChannelChange } from '../channel-state/index.ts';
import { addSelf, admit, freePlaces, type MemberLimits, requestToJoin } from './channel-members.ts';

/**
 * Lets the actor in by a link, or stores a request if admins have to let people in. Each member counts once for the link; who comes again does not need
 * another place while still a member.
 * @returns undefined: the actor asks to be let in
 * @throws RpcError 400 USER_ALREADY_PARTICIPANT, INVITE_HASH_EXPIRED (also if all places are taken, the channel is gone, or the actor is banned),
 *   USERS_TOO_MUCH, CHANNELS_TOO_MUCH
 */
export async function enterByLink(channel: ChannelChange, { actorId }: Acting, hash: string, limits: MemberLimits): Promise<tl.Update[] | undefined> {
  const { tx, peerId, date, standing } = channel;
  // Checked before the link, so that a repeated call gets this error even if the first call has taken the last place of the link.
  if (standing.status === 'member') throw rpcError('USER_ALREADY_PARTICIPANT');
  const invite = await findInvite(tx, peerId, hash);
  if (invite === undefined || standing.closed || standing.status === 'banned' || isInviteOver(invite, date)) throw rpcError('INVITE_HASH_EXPIRED');
  if (needsApproval(channel.row, invite) && channel.row.creator_id !== actorId) return requestToJoin(channel, actorId, hash);
  if (isInviteUsedUp(invite)) throw rpcError('INVITE_HASH_EXPIRED');
  await saveImporter(tx, { owner_id: peerId, user_id: actorId, hash, date, approved_by: null });
  channel.note({ kind: 'join_by_link', link: projectInvite(invite), isByFolder: false });
  const isShown = await isAdminShown(channel, invite);
  const inviter_id = isShown ? invite.admin_id : ANONYMOUS_ADMIN_ID;
  return admit(channel, { actorId, userId: actorId, inviterId: isShown ? inviter_id : null, action: { _: 'messageActionChatJoinedByLink', inviter_id } }, limits);
}

/** Whether admins let in those who come by a link. A permanent link follows the setting of the channel, all others have a setting of their own. Pure. */
export function needsApproval({ flags }: ChannelRow, { permanent, request_needed }: InviteRow): boolean {
  return request_needed || (permanent && (flags & ChannelFlag.joinRequest) !== 0);
}

/**
 * Whether members may know who made a link. Members are not told the admins of a broadcast channel, nor the anonymous admins of a group. A former admin is not
 * named either, because the server does not know whether they were anonymous.
 */
async function isAdminShown({ tx, row, date }: ChannelChange, { admin_id: userId }: InviteRow): Promise<boolean> {
  if (row.kind === 'broadcast') return false;
  const [admin] = await findChannelMembers(tx, [{ id: row.channel_id, userId }]);
  const standing = standingIn(row, admin, date);
  return isAdmin(standing) && !isAnonymous(standing);
}

/** A link by which somebody shares chats of a folder. */
export interface FolderInvitation {
  sharerId: bigint;
  /** The link as admins of the channel may see it: cut short, because it leads to other chats, too. */
  shownLink: string;
  /** When the link was made, in unix seconds. */
  date: number;
}

/**
 * Adds the actor to a channel that somebody shares by a folder. Everybody may join a public one; into a private one the sharer lets in, if the sharer may
 * make invite links now.
 * @returns undefined: the actor asks to be let in
 * @throws RpcError 400 as {@link addSelf}
 */
export async function enterByFolder(channel: ChannelChange, acting: Acting, { sharerId, shownLink, date }: FolderInvitation, limits: MemberLimits): Promise<tl.Update[] | undefined> {
  const { actorId } = acting;
  const { status, open, closed } = channel.standing;
  const sharer = channel.standingOf(sharerId);
  const isLetIn = status === 'left' && !open && !closed && mayDo(sharer, 'manage_invites');
  if (isLetIn && (channel.row.flags & ChannelFlag.joinRequest) !== 0 && channel.row.creator_id !== actorId) return requestToJoin(channel, actorId, '');
  const isShown = channel.row.kind !== 'broadcast' && !isAnonymous(sharer);
  const inviter_id = isShown ? sharerId : ANONYMOUS_ADMIN_ID;
  const updates = isLetIn
    ? await admit(channel, { actorId, userId: actorId, inviterId: isShown ? inviter_id : null, action: { _: 'messageActionChatJoinedByLink', inviter_id } }, limits)
    : await addSelf(channel, acting, limits);
  if (updates !== undefined) channel.note({ kind: 'join_by_link', link: { _: 'chatInviteExported', link: shownLink, admin_id: sharerId, date }, isByFolder: true });
  return updates;
}

/** A decision on the request of one person. */
export interface Decision extends Acting {
  userId: bigint;
  approved: boolean;
}

/**
 * Approves or declines the join request of one user.
 * @throws RpcError 400 CHAT_ADMIN_REQUIRED, HIDE_REQUESTER_MISSING, USER_ALREADY_PARTICIPANT, USERS_TOO_MUCH, USER_CHANNELS_TOO_MUCH
 */
export async function decideRequest(channel: ChannelChange, { actorId, userId, approved }: Decision, limits: MemberLimits): Promise<tl.Update[]> {
  channel.check('manage_invites');
  if (approved && channel.memberOf(userId)?.status === 'member') throw rpcError('USER_ALREADY_PARTICIPANT');
  const { tx, peerId } = channel;
  const request = await findJoinRequest(tx, peerId, userId);
  if (request === undefined) throw rpcError('HIDE_REQUESTER_MISSING');
  if (approved) await letIn(channel, { actorId, userId, hash: request.hash }, limits);
  await settleEntrances(tx, peerId, { goneIds: [], answeredIds: [userId] });
  channel.announceRequests();
  return [await findRequestsUpdate(tx, peerId)];
}

/**
 * Approves or declines the join requests of these users. If there is not enough room to approve all, the earliest requests are approved while there is room,
 * and the others stay pending.
 * @param decisions.userIds users without a pending request are left out, because another admin may have answered them meanwhile
 * @throws RpcError 400 CHAT_ADMIN_REQUIRED, HIDE_REQUESTER_MISSING, INVITE_HASH_EXPIRED, USERS_TOO_MUCH
 */
export async function decideRequests(channel: ChannelChange, { actorId }: Acting, { approved, hash, userIds }: Decisions & { userIds: readonly bigint[] }, limits: MemberLimits): Promise<tl.Update[]> {
  channel.check('manage_invites');
  if (hash !== undefined) await accessInvite(channel.inviteScope, hash);
  const { tx, peerId } = channel;
  const requests = await findJoinRequests(tx, peerId, userIds);
  if (requests.length === 0) throw rpcError('HIDE_REQUESTER_MISSING');
  const answered = approved ? requests.slice(0, freePlaces(channel, limits)) : requests;
  if (answered.length === 0) throw rpcError('USERS_TOO_MUCH');
  if (approved) {
    for (const request of answered) await tryToLetIn(channel, { actorId, userId: request.user_id, hash: request.hash }, limits);
  }
  await settleEntrances(tx, peerId, { goneIds: [], answeredIds: answered.map((request) => request.user_id) });
  channel.announceRequests();
  return [await findRequestsUpdate(tx, peerId)];
}

/** Does the same as {@link letIn}, but leaves out a user who is already in the maximum number of channels. */
async function tryToLetIn(channel: ChannelChange, newcomer: Requester, limits: MemberLimits): Promise<void> {
  try {
    await letIn(channel, newcomer, limits);
  } catch (error) {
    if (!(error instanceof RpcError && error.entry === 'USER_CHANNELS_TOO_MUCH')) throw error;
  }
}

/** A user who asked to join, and the admin who decides on the request. */
interface Requester {
  actorId: bigint;
  userId: bigint;
  hash: string;
}

/** Adds a user whose join request is approved as a member. */
async function letIn(channel: ChannelChange, { actorId, userId, hash }: Requester, limits: MemberLimits): Promise<void> {
  const { tx, peerId, date } = channel;
  await admit(channel, { actorId, userId, inviterId: null, action: { _: 'messageActionChatJoinedByRequest' } }, limits);
  await saveImporter(tx, { owner_id: peerId, user_id: userId, hash, date, approved_by: actorId });
  channel.note({ kind: 'join_by_request', link: await findRequestLink(tx, peerId, hash), approvedBy: actorId }, userId);
}
