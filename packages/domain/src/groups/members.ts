import { rpcError } from '@aerogram/errors';

import { acceptPlaces, addPlaces, chargePlace } from '../acceptance/index.ts';
import { allFromAtJoin, type BotTerms, type ChatMemberRow, countBots } from '../chats/index.ts';
import { findDialogs, saveTtl } from '../dialogs/index.ts';
import { logTtl, orderUnseenAgain } from '../messages/index.ts';
import type { DomainConfig } from '../shared/index.ts';
import { copyHistory } from './copy-history.ts';
import type { Acting, GroupChange } from './group-change.ts';
import type { HandOver } from './hand-over.ts';
import { checkBots, type Invitee, peopleOf } from './invitees.ts';

/** Maximum number of older messages that a new member gets. */
const FORWARDED_MAX = 100;

/** How many members and how many bots a basic group may have. */
export type GroupLimits = Pick<DomainConfig, 'groupMembersMax' | 'botsPerGroupMax'>;

/**
 * Checks that somebody may be added to a group.
 * @throws RpcError 400 CHAT_ADMIN_REQUIRED, USER_ALREADY_PARTICIPANT, USERS_TOO_MUCH, USER_NOT_MUTUAL_CONTACT, YOU_BLOCKED_USER, BOT_GROUPS_BLOCKED, BOTS_TOO_MUCH,
 *   403 CHAT_WRITE_FORBIDDEN
 */
export function checkAdding(group: GroupChange, { actorId }: Acting, invitee: Invitee, { groupMembersMax, botsPerGroupMax }: GroupLimits): void {
  const { userId, isMutual, refusal } = invitee;
  const known = group.memberOf(userId);
  // Members who left may come back by themselves; those who were removed may not.
  if (userId !== actorId || known?.status === 'banned' || group.row.deactivated) group.check('invite_users');
  if (known?.status === 'member') throw rpcError('USER_ALREADY_PARTICIPANT');
  if (group.members.length >= groupMembersMax) throw rpcError('USERS_TOO_MUCH');
  if (refusal === 'YOU_BLOCKED_USER') throw rpcError('YOU_BLOCKED_USER');
  checkBots([invitee], countBots(group.members), botsPerGroupMax);
  if (known?.status === 'left' && !isMutual) throw rpcError('USER_NOT_MUTUAL_CONTACT');
}

/**
 * Adds a member, and a service message about it.
 * @param forwarded number of the last messages that are copied to the new member
 * @returns the member's id if the member was not added, because of the limits of strangers
 */
export async function addMember(group: GroupChange, { actorId }: Acting, invitee: Invitee, forwarded: number): Promise<ReadonlySet<bigint>> {
  const { userId } = invitee;
  const { refusedIds, postsLeft = Infinity } = await addPlaces(group, { adderId: actorId, peerId: group.peerId, people: peopleOf([invitee]), ordinal: 0 });
  if (invitee.adder === undefined || refusedIds.has(userId)) return refusedIds;
  await seatMember(group, userId, actorId, invitee.bot);
  // A bot sees nothing that was written before it came.
  if (userId !== actorId && invitee.bot === undefined && !group.row.noforwards) {
    // In a place that is not accepted, half of the budget stays for new messages.
    const limit = Math.min(forwarded, FORWARDED_MAX, Math.floor(postsLeft / 2));
    const copied = await copyHistory(group.tx, group.boxes, { fromOwnerId: actorId, ownerId: userId, peerId: group.peerId, limit });
    await chargePlace(group, userId, group.peerId, copied);
  }
  await group.say({ _: 'messageActionChatAddUser', users: [userId] }, group.memberIds);
  return refusedIds;
}

/** Adds somebody who comes by themselves, without a service message. @param inviterId who is shown as having invited them */
export async function seatSelf(group: GroupChange, userId: bigint, inviterId: bigint): Promise<void> {
  await acceptPlaces(group, group.peerId, [userId]);
  await seatMember(group, userId, inviterId);
}

async function seatMember(group: GroupChange, userId: bigint, inviterId: bigint, bot?: BotTerms): Promise<void> {
  const before = group.memberIds;
  const { chat_id, creator_id } = group.row;
  const role = creator_id === userId ? 'creator' : 'member';
  const all_from = bot === undefined ? null : allFromAtJoin(bot, 0);
  const version = group.setMembers({ chat_id, user_id: userId, status: 'member', role, rank: '', inviter_id: inviterId, date: group.date, all_from });
  group.tell(before, { _: 'updateChatParticipantAdd', chat_id, user_id: userId, inviter_id: inviterId, date: group.date, version });
  group.tell([userId], group.projectParticipants());
  await orderUnseenAgain(group.tx, group.peerId, [userId]);
  await giveTtl(group, before[0], userId);
}

/** Takes out the actor, who is a member, without a service message. */
export async function endMembership(group: GroupChange, acting: Acting, handOver: Pick<HandOver, 'announce'>): Promise<void> {
  const { actor } = group;
  const version = group.setMembers({ ...actor, status: 'left', role: 'member', date: group.date });
  group.tell(group.memberIds, { _: 'updateChatParticipantDelete', chat_id: acting.chatId, user_id: acting.actorId, version });
  if (actor.role === 'creator') await handOver.announce(group, acting);
}

/** Gives a new member the lifetime of messages that the other members have. @param memberId one of the others; undefined if there is none */
async function giveTtl(group: GroupChange, memberId: bigint | undefined, userId: bigint): Promise<void> {
  if (memberId === undefined) return;
  const { q } = group.tx;
  const [[theirs], [own]] = await Promise.all([findDialogs(q, memberId, [group.peerId]), findDialogs(q, userId, [group.peerId])]);
  const period = theirs?.ttl_period ?? 0;
  if (period === (own?.ttl_period ?? 0)) return;
  const place = { ownerId: userId, peerId: group.peerId };
  await saveTtl(group.tx, [place], period);
  logTtl(group.boxes, place, { period, date: group.date });
}

/** Whether a member may remove another one: the creator everybody, admins everybody who is no admin, all others only people whom they added. Pure. */
export function mayRemove(actor: ChatMemberRow, target: ChatMemberRow): boolean {
  if (actor.status !== 'member' || target.role === 'creator') return false;
  if (actor.role === 'creator') return true;
  if (target.role === 'admin') return false;
  return actor.role === 'admin' || target.inviter_id === actor.user_id;
}
