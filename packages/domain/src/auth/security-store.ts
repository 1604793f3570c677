import type { Database, Tables, Tx } from '@aerogram/storage';
import type { Selectable, Updateable } from 'kysely';

export type SecurityRow = Selectable<Tables['account_security']>;

/** The same defaults as those of the columns: 18 months for an account, 6 for a device. */
const DEFAULTS: Omit<SecurityRow, 'user_id'> = {
  account_ttl_days: 548,
  authorization_ttl_days: 183,
  login_email: null,
  login_email_reset_date: null,
  deletion_date: null,
  deletion_hash: null,
  deletion_auth_key_id: null,
};

/** Finds a user's settings for devices and the account, or the defaults. */
export async function findSecurity(q: Database['q'] | Tx['q'], userId: bigint): Promise<SecurityRow> {
  const row = await q.selectFrom('account_security').selectAll().where('user_id', '=', userId).executeTakeFirst();
  return row ?? { user_id: userId, ...DEFAULTS };
}

/** Changes some of these settings. Idempotent. */
export async function saveSecurity(tx: Tx, userId: bigint, change: Omit<Updateable<Tables['account_security']>, 'user_id'>): Promise<void> {
  await tx.q
    .insertInto('account_security')
    .values({ user_id: userId, ...DEFAULTS, ...change })
    .onConflict((oc) => oc.column('user_id').doUpdateSet(change))
    .execute();
}
