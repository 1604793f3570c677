import type { Tables, Tx } from '@aerogram/storage';
import type { Insertable } from 'kysely';

/** Stores a report. */
export async function insertReport(tx: Tx, row: Insertable<Tables['reports']>): Promise<void> {
  await tx.q.insertInto('reports').values(row).execute();
}
