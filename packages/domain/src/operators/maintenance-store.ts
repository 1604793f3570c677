import type { Database, Tables, Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

/** Since when or from when on people can only read, and what the operator says of it. */
export type MaintenanceRow = Pick<Selectable<Tables['maintenance']>, 'start_date' | 'text'>;

/** Reads the maintenance that is on or announced. */
export function findMaintenance({ q }: Pick<Database, 'q'> | Pick<Tx, 'q'>): Promise<MaintenanceRow | undefined> {
  return q.selectFrom('maintenance').select(['start_date', 'text']).executeTakeFirst();
}

/** Stores the maintenance that is on or announced, in place of another one. */
export async function saveMaintenance(tx: Tx, row: MaintenanceRow): Promise<void> {
  await tx.q.insertInto('maintenance').values(row).onConflict((oc) => oc.column('is_only').doUpdateSet(row)).execute();
}

/** Ends the maintenance that is on or announced. */
export async function deleteMaintenance(tx: Tx): Promise<void> {
  await tx.q.deleteFrom('maintenance').execute();
}
