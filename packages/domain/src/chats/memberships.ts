import { markPeer } from '@aerogram/cluster';
import { defineStatement } from '@aerogram/storage';

import { findChannelRows } from './channel-store.ts';
import { ChannelFlag, type ChannelRow, type ChatRow, isChatRow, markedIdOf, splitMarkedIds } from './chat-row.ts';
import { findChatRows, type Reader } from './chat-store.ts';

/** Which of some groups people are in: marked ids of groups by user id. People who are in none are left out. */
export type Memberships = ReadonlyMap<bigint, ReadonlySet<bigint>>;

const NOBODY: Memberships = new Map();

type GroupRow = ChatRow | ChannelRow;

// Looks up pairs of a user and a group, so the number of members of a group does not matter.
const readMemberships = defineStatement<{ user_id: bigint; peer_id: bigint }>(
  'read_memberships',
  `SELECT user_id, -chat_id AS peer_id FROM chat_members WHERE chat_id = ANY ($2::bigint[]) AND user_id = ANY ($1::bigint[]) AND status = 'member'
    UNION ALL
   SELECT user_id, -1000000000000 - channel_id FROM channel_members WHERE channel_id = ANY ($3::bigint[]) AND user_id = ANY ($1::bigint[]) AND status = 'member'`,
);

/** Where the members of a group are now: in the supergroup that it became. Undefined if it was deleted. Pure. */
export function livingGroup(row: GroupRow): bigint | undefined {
  if (!isChatRow(row)) return (row.flags & ChannelFlag.deleted) === 0 ? markedIdOf(row) : undefined;
  if (row.migrated_to !== null) return markPeer({ _: 'peerChannel', channel_id: row.migrated_to });
  return row.deactivated ? undefined : markedIdOf(row);
}

/** Reads basic groups, supergroups and channels by marked id. */
export async function findGroupRows(reader: Reader, markedIds: readonly bigint[]): Promise<Map<bigint, GroupRow>> {
  const { chatIds, channelIds } = splitMarkedIds(markedIds);
  const [chats, channels] = await Promise.all([findChatRows(reader, chatIds), findChannelRows(reader, channelIds)]);
  return new Map([...chats, ...channels].map((row) => [markedIdOf(row), row]));
}

/** Where rows of groups and present members are read: a cache, or a transaction. */
export interface MembershipSource {
  findRows(markedIds: readonly bigint[]): Promise<ReadonlyMap<bigint, GroupRow>>;
  /** Returns who of the people is in which of the groups. */
  listPresent(userIds: readonly bigint[], markedIds: readonly bigint[]): Promise<readonly { userId: bigint; markedId: bigint }[]>;
}

/**
 * Finds which of some groups people are in. Members of a supergroup count for the basic group that it was; nobody is in a deleted group, and who was removed is in
 * none.
 * @param markedIds marked ids of groups
 */
export async function findMembershipsIn(source: MembershipSource, userIds: readonly bigint[], markedIds: readonly bigint[]): Promise<Memberships> {
  if (markedIds.length === 0 || userIds.length === 0) return NOBODY;
  const rows = await source.findRows(markedIds);
  const namesOf = new Map<bigint, bigint[]>();
  for (const markedId of markedIds) {
    const row = rows.get(markedId);
    const living = row && livingGroup(row);
    if (living === undefined) continue;
    const names = namesOf.get(living);
    if (names === undefined) namesOf.set(living, [markedId]);
    else names.push(markedId);
  }
  const found = new Map<bigint, Set<bigint>>();
  for (const { userId, markedId } of await source.listPresent(userIds, [...namesOf.keys()])) {
    const groups = found.get(userId) ?? new Set<bigint>();
    found.set(userId, groups);
    for (const name of namesOf.get(markedId) ?? []) groups.add(name);
  }
  return found;
}

/** Lists who of the people is in which of the groups, in the database. */
export async function listPresent(reader: Reader, userIds: readonly bigint[], markedIds: readonly bigint[]): Promise<{ userId: bigint; markedId: bigint }[]> {
  const { chatIds, channelIds } = splitMarkedIds(markedIds);
  const { rows } = await reader.run(readMemberships, [userIds, chatIds, channelIds]);
  return rows.map((row) => ({ userId: row.user_id, markedId: row.peer_id }));
}

/** Same as {@link findMembershipsIn}, read in a transaction. */
export function findMemberships(reader: Reader, userIds: readonly bigint[], markedIds: readonly bigint[]): Promise<Memberships> {
  return findMembershipsIn({ findRows: (ids) => findGroupRows(reader, ids), listPresent: (users, ids) => listPresent(reader, users, ids) }, userIds, markedIds);
}
