import type { Clock, Random } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

/** What {@link loadSecretKeys} needs. */
export interface SecretKeyDeps {
  db: Pick<Database, 'transact'>;
  random: Random;
  clock: Pick<Clock, 'now'>;
}

/**
 * Loads all keys of a name, by version, and creates the first one on the first start. Two servers may start at the same time.
 * @param bytes length of the first key
 */
export async function loadSecretKeys({ db, random, clock }: SecretKeyDeps, name: string, bytes = 32): Promise<Map<number, Uint8Array>> {
  const rows = await db.transact('load-secret-keys', async (tx) => {
    const first = { name, version: 0, bytes: random.bytes(bytes), created_date: clock.now() };
    await tx.q.insertInto('secret_keys').values(first).onConflict((oc) => oc.columns(['name', 'version']).doNothing()).execute();
    return tx.q.selectFrom('secret_keys').select(['version', 'bytes']).where('name', '=', name).execute();
  });
  return new Map(rows.map((row) => [row.version, row.bytes]));
}
