import type { Tables, Tx } from '@aerogram/storage';
import type { Insertable } from 'kysely';

/** Stores a log-in token and deletes those that expired before a date. */
export async function insertLoginToken(tx: Tx, row: Insertable<Tables['login_tokens']>, beforeDate: number): Promise<void> {
  await tx.q.deleteFrom('login_tokens').where('expires_date', '<=', beforeDate).execute();
  await tx.q.insertInto('login_tokens').values(row).execute();
}

/** Writes which user accepted a log-in token. */
export async function saveTokenAcceptor(tx: Tx, tokenHash: Uint8Array, userId: bigint): Promise<void> {
  await tx.q.updateTable('login_tokens').set({ accepted_user_id: userId }).where('token_hash', '=', tokenHash).execute();
}
