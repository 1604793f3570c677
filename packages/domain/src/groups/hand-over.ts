import { defineStatement, type Tx } from '@aerogram/storage';

import type { ChatMemberRow } from '../chats/index.ts';
import type { GroupChange } from './group-change.ts';

const findLiving = defineStatement<{ user_id: bigint }>(
  'find_living_people',
  'SELECT user_id FROM users WHERE user_id = ANY ($1::bigint[]) AND NOT deleted AND NOT bot',
);

const listOwned = defineStatement<{ chat_id: bigint }>(
  'list_owned_groups',
  `SELECT c.chat_id FROM dialogs d JOIN chats c ON c.chat_id = -d.peer_id AND c.creator_id = $1 AND NOT c.deactivated
    WHERE d.owner_id = $1 AND d.peer_id < 0 AND d.peer_id > -1000000000000
    ORDER BY c.chat_id`,
);

/**
 * The member who becomes the creator when the creator leaves: of the admins, the one who has been in the group for the longest time. Undefined if
 * the group has no other admin; it then has no creator until the old one comes back or the operator helps.
 */
export async function findHeir(tx: Tx, members: readonly ChatMemberRow[], creatorId: bigint): Promise<ChatMemberRow | undefined> {
  const admins = members.filter((member) => member.status === 'member' && member.role === 'admin' && member.user_id !== creatorId);
  if (admins.length === 0) return undefined;
  const { rows } = await tx.run(findLiving, [admins.map((member) => member.user_id)]);
  const living = new Set(rows.map((row) => row.user_id));
  const candidates = admins.filter((member) => living.has(member.user_id));
  return candidates.toSorted((a, b) => a.date - b.date || (a.user_id < b.user_id ? -1 : 1))[0];
}

/**
 * Makes the next admin the creator of a group, because its creator has left or has no account any more. Does nothing if there is none.
 * @param creatorId the creator, whose row was changed already if they have left
 */
export async function handOver(group: GroupChange, creatorId: bigint): Promise<void> {
  const heir = await findHeir(group.tx, group.members, creatorId);
  if (heir === undefined) return;
  const old = group.memberOf(creatorId);
  group.set({ creator_id: heir.user_id });
  group.setMembers({ ...heir, role: 'creator' }, ...(old === undefined ? [] : [{ ...old, role: 'member' as const }]));
  // Two members changed in one step, so all members get the whole list.
  group.tell(group.memberIds, group.projectParticipants());
  await group.say({ _: 'messageActionChangeCreator', new_creator_id: heir.user_id }, group.memberIds);
}

/** The basic groups whose creator a user is, by id. */
export async function listOwnedGroups(tx: Tx, userId: bigint): Promise<bigint[]> {
  const { rows } = await tx.run(listOwned, [userId]);
  return rows.map((row) => row.chat_id);
}
