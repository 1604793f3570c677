import type { Tables, Tx } from '@aerogram/storage';
import type { Insertable } from 'kysely';

/** Stores a secret key, unless there is one of this name and version. */
export async function insertSecretKey(tx: Tx, row: Insertable<Tables['secret_keys']>): Promise<void> {
  await tx.q.insertInto('secret_keys').values(row).onConflict((oc) => oc.columns(['name', 'version']).doNothing()).execute();
}
