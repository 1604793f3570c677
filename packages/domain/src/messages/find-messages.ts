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

/** Finds the copy of a message in another box. */
export async function findCopy(q: Queries, owner: bigint, globalId: bigint): Promise<MessageRow | undefined> {
  return q
    .selectFrom('messages')
    .select(MESSAGE_COLUMNS)
    .where('owner_id', '=', owner)
    .where('global_id', '=', globalId)
    .executeTakeFirst();
}
