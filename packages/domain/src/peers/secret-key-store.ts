import type { Clock, Random } from '@aerogram/runtime';
import type { Database, Tables, Tx } from '@aerogram/storage';
import type { Insertable } from 'kysely';

/** Stores a secret key, unless there is one of this name and version. */
export async function insertSecretKey(tx: Tx, row: Insertable<Tables['secret_keys']>): Promise<void> {
  await tx.q.insertInto('secret_keys').values(row).onConflict((oc) => oc.columns(['name', 'version']).doNothing()).execute();
}

/** What {@link loadSecretKeys} needs. */
export interface SecretKeyDeps {
  db: Pick<Database, 'transact'>;
  random: Random;
  clock: Pick<Clock, 'now'>;
}

/** Loads all keys of a name, by version, and creates the first one, of 32 bytes, on the first start. Two servers may start at the same time. */
export async function loadSecretKeys({ db, random, clock }: SecretKeyDeps, name: string): Promise<Map<number, Uint8Array>> {
  const rows = await db.transact('load-secret-keys', async (tx) => {
    await insertSecretKey(tx, { name, version: 0, bytes: random.bytes(32), created_date: clock.now() });
    return tx.q.selectFrom('secret_keys').select(['version', 'bytes']).where('name', '=', name).execute();
  });
  return new Map(rows.map((row) => [row.version, row.bytes]));
}
