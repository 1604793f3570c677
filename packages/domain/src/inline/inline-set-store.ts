import type { Tables, Tx } from '@aerogram/storage';
import type { Insertable } from 'kysely';

/** How many sets that are over a new one removes, so that the table does not grow. */
const REMOVED_MAX = 100;

/** Stores the results of an inline query, and removes some that are over. */
export async function insertSet(tx: Tx, set: Insertable<Tables['inline_sets']>, nowDate: number): Promise<void> {
  await tx.q
    .deleteFrom('inline_sets')
    .where('set_id', 'in', (eb) => eb.selectFrom('inline_sets').select('set_id').where('kept_until', '<', nowDate).orderBy('kept_until').limit(REMOVED_MAX).forUpdate().skipLocked())
    .execute();
  await tx.q.insertInto('inline_sets').values(set).execute();
}
