import { sql } from '@aerogram/storage';

import { MESSAGE_COLUMNS, type MessageRow, type Queries } from '../events/index.ts';

/** Finds one message of a box by its owner's message id. */
export async function findMessage(q: Queries, owner: bigint, msgId: number): Promise<MessageRow | undefined> {
  return q
    .selectFrom('messages')
    .select(MESSAGE_COLUMNS)
    .where('owner_id', '=', owner)
    .where('msg_id', '=', msgId)
    .executeTakeFirst();
}

/** Finds messages of a box by its owner's message ids. Ids that do not exist are left out. */
export async function findMessages(q: Queries, owner: bigint, msgIds: readonly number[]): Promise<Map<number, MessageRow>> {
  if (msgIds.length === 0) return new Map();
  const rows = await q
    .selectFrom('messages')
    .select(MESSAGE_COLUMNS)
    .where('owner_id', '=', owner)
    .where('msg_id', '=', sql<number>`ANY (${[...msgIds]}::integer[])`)
    .execute();
  return new Map(rows.map((row) => [row.msg_id, row]));
}

/** The copies of messages in other boxes, in no particular order. */
export async function findCopies(q: Queries, owners: readonly bigint[], globalIds: readonly bigint[]): Promise<MessageRow[]> {
  if (owners.length === 0 || globalIds.length === 0) return [];
  return q
    .selectFrom('messages')
    .select(MESSAGE_COLUMNS)
    .where('owner_id', '=', sql<bigint>`ANY (${[...owners]}::bigint[])`)
    .where('global_id', '=', sql<bigint>`ANY (${[...globalIds]}::bigint[])`)
    .execute();
}

/** What names these messages of a box in all copies, by the owner's message ids. Ids that do not exist are left out. */
export async function findGlobalIds(q: Queries, owner: bigint, msgIds: readonly number[]): Promise<Map<number, bigint>> {
  if (msgIds.length === 0) return new Map();
  const rows = await q.selectFrom('messages').select(['msg_id', 'global_id']).where('owner_id', '=', owner).where('msg_id', '=', sql<number>`ANY (${[...msgIds]}::integer[])`).execute();
  return new Map(rows.map((row) => [row.msg_id, row.global_id]));
}
