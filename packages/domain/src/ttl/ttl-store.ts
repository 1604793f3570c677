import { defineStatement } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';

import type { MessageRow, Queries } from '../messages/message-row.ts';

const insertExpiringRows = defineStatement(
  'insert_expiring',
  `INSERT INTO expiring_messages (owner_id, msg_id, expires_date)
   SELECT * FROM unnest($1::bigint[], $2::integer[], $3::integer[])`,
);

const deleteExpiringRows = defineStatement(
  'delete_expiring',
  'DELETE FROM expiring_messages WHERE owner_id = $1 AND msg_id = ANY ($2::integer[])',
);

const saveTtlRows = defineStatement(
  'save_ttl',
  `INSERT INTO dialogs AS d (owner_id, peer_id, ttl_period) SELECT w.*, $3::integer FROM unnest($1::bigint[], $2::bigint[]) AS w
   ON CONFLICT (owner_id, peer_id) DO UPDATE SET ttl_period = EXCLUDED.ttl_period`,
);

/** A chat as one owner has it. */
export interface DialogPlace {
  ownerId: bigint;
  /** Marked. */
  peerId: bigint;
}

/** Notes when messages with a `ttl_period` go; with the commit. */
export function insertExpiring(tx: Tx, rows: readonly MessageRow[]): void {
  tx.runLast(insertExpiringRows, [
    rows.map((row) => row.owner_id),
    rows.map((row) => row.msg_id),
    rows.map((row) => row.date + (row.ttl_period ?? 0)),
  ]);
}

/** Forgets when messages go. */
export async function dropExpiring(tx: Tx, owner: bigint, msgIds: readonly number[]): Promise<void> {
  await tx.run(deleteExpiringRows, [owner, msgIds]);
}

/** Messages whose time has come, the longest due first. */
export async function listExpired(q: Queries, nowDate: number, limit: number): Promise<{ owner_id: bigint; msg_id: number }[]> {
  return q
    .selectFrom('expiring_messages')
    .select(['owner_id', 'msg_id'])
    .where('expires_date', '<=', nowDate)
    .orderBy('expires_date')
    .limit(limit)
    .execute();
}

/** Writes how long new messages of chats live, in seconds; 0: they stay. Rows that are not there are made. */
export async function saveTtl(tx: Tx, places: readonly DialogPlace[], period: number): Promise<void> {
  await tx.run(saveTtlRows, [places.map(({ ownerId }) => ownerId), places.map(({ peerId }) => peerId), period]);
}

/** What chats get in which the owner writes for the first time, in seconds. */
export async function findDefaultTtl(q: Queries, owner: bigint): Promise<number> {
  const row = await q.selectFrom('chat_settings').select('default_ttl_period').where('owner_id', '=', owner).executeTakeFirst();
  return row?.default_ttl_period ?? 0;
}
