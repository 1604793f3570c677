import { allocateChatId } from '@aerogram/cluster';
import { type Database, defineStatement, type Queries, sql, type Tx } from '@aerogram/storage';

import type { ChatMemberRow, ChatRow } from './chat-row.ts';

/** The pool or a transaction, for running prepared statements. */
export type Reader = Pick<Queries, 'run'>;

const readChats = defineStatement<ChatRow>('read_chats', 'SELECT * FROM chats WHERE chat_id = ANY ($1::bigint[])');

const readChatMembers = defineStatement<ChatMemberRow>(
  'read_chat_members',
  `SELECT m.* FROM unnest($1::bigint[], $2::bigint[]) AS k (chat_id, user_id) JOIN chat_members m USING (chat_id, user_id)`,
);

const listChatMembers = defineStatement<ChatMemberRow>(
  'list_chat_members',
  `SELECT * FROM chat_members WHERE chat_id = $1 AND status = 'member' ORDER BY user_id`,
);

const listChatMemberIds = defineStatement<{ ids: bigint[] }>(
  'list_chat_member_ids',
  `SELECT COALESCE(array_agg(user_id ORDER BY user_id), '{}') AS ids FROM chat_members WHERE chat_id = $1 AND status = 'member'`,
);

const listChatMemberIdsSince = defineStatement<{ ids: bigint[] }>(
  'list_chat_member_ids_since',
  `SELECT COALESCE(array_agg(user_id ORDER BY user_id), '{}') AS ids FROM chat_members WHERE chat_id = $1 AND (status = 'member' OR date >= $2)`,
);

/** Reads basic groups by id. Ids without a row are left out. */
export async function findChatRows(reader: Reader, chatIds: readonly bigint[]): Promise<ChatRow[]> {
  return chatIds.length === 0 ? [] : (await reader.run(readChats, [chatIds])).rows;
}

/** Reads members of basic groups, one row per pair, including former members. Pairs without a row are left out. */
export async function findChatMembers(reader: Reader, pairs: readonly { id: bigint; userId: bigint }[]): Promise<ChatMemberRow[]> {
  if (pairs.length === 0) return [];
  return (await reader.run(readChatMembers, [pairs.map(({ id }) => id), pairs.map(({ userId }) => userId)])).rows;
}

/** Lists the present members of a basic group, by user id. */
export async function listMembers(reader: Reader, chatId: bigint): Promise<ChatMemberRow[]> {
  return (await reader.run(listChatMembers, [chatId])).rows;
}

/** Lists the user ids of the present members of a basic group, in ascending order. */
export async function listMemberIds(reader: Reader, chatId: bigint): Promise<bigint[]> {
  const { rows } = await reader.run(listChatMemberIds, [chatId]);
  return rows[0]!.ids;
}

/** Lists the user ids of the present members of a basic group and of those who left it or were removed at `sinceDate` (unix seconds) or later. */
export async function listMemberIdsSince(reader: Reader, chatId: bigint, sinceDate: number): Promise<bigint[]> {
  const { rows } = await reader.run(listChatMemberIdsSince, [chatId, sinceDate]);
  return rows[0]!.ids;
}

/**
 * Returns the id for a new basic group.
 * @param dc the data centre that hosts it
 */
export async function nextChatId(q: Database['q'], dc: number): Promise<bigint> {
  const { rows } = await sql<{ n: bigint }>`SELECT nextval('chat_seq') AS n`.execute(q);
  return allocateChatId(rows[0]!.n, dc);
}

/** Inserts a new basic group. */
export async function insertChat(tx: Tx, row: ChatRow): Promise<void> {
  await tx.q.insertInto('chats').values(row).execute();
}

/** Updates columns of a basic group. The caller must hold the lock of the group's counter. */
export async function updateChat(tx: Tx, chatId: bigint, change: Partial<Omit<ChatRow, 'chat_id'>>): Promise<void> {
  await tx.q.updateTable('chats').set(change).where('chat_id', '=', chatId).execute();
}

/** Inserts or replaces members of basic groups. The caller must hold the locks of the groups' counters. */
export async function saveChatMembers(tx: Tx, rows: readonly ChatMemberRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.q
    .insertInto('chat_members')
    .values([...rows])
    .onConflict((oc) =>
      oc.columns(['chat_id', 'user_id']).doUpdateSet((eb) => ({
        status: eb.ref('excluded.status'),
        role: eb.ref('excluded.role'),
        rank: eb.ref('excluded.rank'),
        inviter_id: eb.ref('excluded.inviter_id'),
        date: eb.ref('excluded.date'),
        all_from: eb.ref('excluded.all_from'),
      })),
    )
    .execute();
}
