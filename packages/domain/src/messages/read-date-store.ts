import { defineStatement } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';

const insertDate = defineStatement(
  'insert_read_date',
  'INSERT INTO read_dates (owner_id, peer_id, max_id, date) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
);

/** Records when the peer read the owner's messages up to `maxId`, or in a group, when the owner read those of others. The statement is sent in the same round trip as the COMMIT. */
export function insertReadDate(tx: Tx, { owner, peerId, maxId, date }: { owner: bigint; peerId: bigint; maxId: number; date: number }): void {
  tx.runLast(insertDate, [owner, peerId, maxId, date]);
}

/** Deletes read dates older than `beforeDate` (unix seconds). */
export async function removeReadDates(tx: Tx, beforeDate: number): Promise<void> {
  await tx.q.deleteFrom('read_dates').where('date', '<', beforeDate).execute();
}
