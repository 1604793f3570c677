import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { checkRight, type Standing } from '../chats/index.ts';
import { accessInvite, askToJoin, findInvite, findJoinRequests, findRequestLink, findRequestsUpdate, type InviteRow, type InviteScope, isInviteOver, isInviteUsedUp, type JoinRequestRow, projectInvite, saveImporter, settleEntrances } from '../invites/index.ts';
import type { Acting, GroupChange } from './group-change.ts';
import { seatSelf } from './members.ts';

/**
 * Checks that somebody who is not in a group may come in by a link, or ask for it. Pure.
 * @throws RpcError 400 USER_ALREADY_PARTICIPANT, INVITE_HASH_EXPIRED (also if the group is gone or became a supergroup, or the person was removed)
 */
export function checkEntering(standing: Standing, invite: InviteRow | undefined, nowDate: number): asserts invite is InviteRow {
  if (standing.closed) throw rpcError('INVITE_HASH_EXPIRED');
  // Checked before the link, so that a repeated call gets this error even if the first call has taken the last place of the link.
  if (standing.status === 'member') throw rpcError('USER_ALREADY_PARTICIPANT');
  if (invite === undefined || standing.status === 'banned' || isInviteOver(invite, nowDate)) throw rpcError('INVITE_HASH_EXPIRED');
}

/**
 * Lets the actor in by a link, or stores a request if admins have to let people in. Each member counts once for the link.
 * @returns false: the actor asks to be let in
 * @throws RpcError 400 as {@link checkEntering}, INVITE_HASH_EXPIRED (all places are taken), USERS_TOO_MUCH
 */
export async function enterByLink(group: GroupChange, { actorId }: Acting, hash: string, membersMax: number): Promise<boolean> {
  const { tx, peerId, date, row } = group;
  const invite = await findInvite(tx, peerId, hash);
  checkEntering(group.standing, invite, date);
  if (invite.request_needed && row.creator_id !== actorId) {
    if (await askToJoin(tx, { peerId, userId: actorId, hash, date, bots: row.bots })) group.announceRequests();
    return false;
  }
  if (isInviteUsedUp(invite)) throw rpcError('INVITE_HASH_EXPIRED');
  if (group.members.length >= membersMax) throw rpcError('USERS_TOO_MUCH');
  await saveImporter(tx, { owner_id: peerId, user_id: actorId, hash, date, approved_by: null });
  group.noteLink(actorId, projectInvite(invite));
  await seatSelf(group, actorId, invite.admin_id);
  await group.say({ _: 'messageActionChatJoinedByLink', inviter_id: invite.admin_id }, group.memberIds);
  return true;
}

/** Checks that the actor may decide on requests, and may manage the link by which they came. @throws RpcError 400 CHAT_ADMIN_REQUIRED, INVITE_HASH_EXPIRED, 403 CHAT_WRITE_FORBIDDEN */
export async function checkDeciding(scope: InviteScope, hash: string | undefined): Promise<void> {
  checkRight(scope.standing, 'manage_invites');
  if (hash !== undefined) await accessInvite(scope, hash);
}

/**
 * Approves the join requests of these users. If there is not enough room for all, the earliest requests are approved while there is room, and the others
 * stay pending.
 * @param people.hash the link by which they asked, if the call names one
 * @throws RpcError 400 CHAT_ADMIN_REQUIRED, HIDE_REQUESTER_MISSING, INVITE_HASH_EXPIRED, USER_ALREADY_PARTICIPANT (the only one named is in), USERS_TOO_MUCH, 403 CHAT_WRITE_FORBIDDEN
 */
export async function admitRequesters(group: GroupChange, { actorId }: Acting, people: { userIds: readonly bigint[]; hash: string | undefined; membersMax: number }): Promise<tl.Update> {
  const { tx, peerId, date, standing } = group;
  await checkDeciding({ tx, peerId, date, actorId, standing }, people.hash);
  const { userIds } = people;
  if (userIds.length === 1 && group.memberOf(userIds[0]!)?.status === 'member') throw rpcError('USER_ALREADY_PARTICIPANT');
  const requests = await findJoinRequests(tx, peerId, userIds);
  if (requests.length === 0) throw rpcError('HIDE_REQUESTER_MISSING');
  const admitted = requests.slice(0, Math.max(0, people.membersMax - group.members.length));
  if (admitted.length === 0) throw rpcError('USERS_TOO_MUCH');
  for (const request of admitted) await letIn(group, actorId, request);
  await settleEntrances(tx, peerId, { goneIds: [], answeredIds: admitted.map((request) => request.user_id) });
  group.announceRequests();
  return findRequestsUpdate(tx, peerId);
}

/** Adds a user whose join request is approved as a member. */
async function letIn(group: GroupChange, adminId: bigint, { user_id: userId, hash }: JoinRequestRow): Promise<void> {
  await saveImporter(group.tx, { owner_id: group.peerId, user_id: userId, hash, date: group.date, approved_by: adminId });
  // Only bots are told by which link a member came.
  if (group.row.bots > 0) group.noteLink(userId, await findRequestLink(group.tx, group.peerId, hash));
  await seatSelf(group, userId, adminId);
  // An admin who lets people in does not wait because one of them has used up a quota.
  await group.sayIfRoom({ _: 'messageActionChatJoinedByRequest' }, group.memberIds, { authorId: userId });
}
