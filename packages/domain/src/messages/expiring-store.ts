import { defineStatement } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';

import type { MessageRow } from '../events/index.ts';

const insertExpiringRows = defineStatement(
  'insert_expiring',
  `INSERT INTO expiring_messages (owner_id, msg_id, expires_date)
   SELECT * FROM unnest($1::bigint[], $2::integer[], $3::integer[])`,
);

const deleteExpiringRows = defineStatement(
  'delete_expiring',
  'DELETE FROM expiring_messages WHERE owner_id = $1 AND msg_id = ANY ($2::integer[])',
);

/** Records when messages with a `ttl_period` expire, together with the COMMIT. */
export function insertExpiring(tx: Tx, rows: readonly MessageRow[]): void {
  tx.runLast(insertExpiringRows, [
    rows.map((row) => row.owner_id),
    rows.map((row) => row.msg_id),
    rows.map((row) => row.date + (row.ttl_period ?? 0)),
  ]);
}

/** Deletes the expiry records of messages. */
export async function dropExpiring(tx: Tx, owner: bigint, msgIds: readonly number[]): Promise<void> {
  await tx.run(deleteExpiringRows, [owner, msgIds]);
}
