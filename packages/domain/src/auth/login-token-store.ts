import type { Tables, Tx } from '@aerogram/storage';
import type { Insertable, Updateable } from 'kysely';

/** Stores a log-in token and deletes those that expired before a date. */
export async function insertLoginToken(tx: Tx, row: Insertable<Tables['login_tokens']>, beforeDate: number): Promise<void> {
  await tx.q.deleteFrom('login_tokens').where('expires_date', '<=', beforeDate).execute();
  await tx.q.insertInto('login_tokens').values(row).execute();
}

/** Writes that somebody of another data centre accepted a log-in token, and the token with which its device goes on there. */
export async function saveTokenMove(tx: Tx, tokenHash: Uint8Array, move: Pick<Updateable<Tables['login_tokens']>, 'accepted_user_id' | 'moved_token' | 'expires_date'>): Promise<void> {
  await tx.q.updateTable('login_tokens').set(move).where('token_hash', '=', tokenHash).execute();
}

/** Writes which key has come with a log-in token that was accepted before. */
export async function saveTokenKey(tx: Tx, tokenHash: Uint8Array, authKeyId: bigint): Promise<void> {
  await tx.q.updateTable('login_tokens').set({ auth_key_id: authKeyId }).where('token_hash', '=', tokenHash).execute();
}

/** Writes which user accepted a log-in token. */
export async function saveTokenAcceptor(tx: Tx, tokenHash: Uint8Array, userId: bigint): Promise<void> {
  await tx.q.updateTable('login_tokens').set({ accepted_user_id: userId }).where('token_hash', '=', tokenHash).execute();
}

/**
 * Ends log-ins that a user has accepted and whose devices have not come yet from another data centre.
 * @param hash of the one device, as the acceptor was answered; absent: all
 * @returns how many
 */
export async function endComing(tx: Tx, userId: bigint, hash?: bigint): Promise<number> {
  const coming = tx.q.deleteFrom('login_tokens').where('accepted_user_id', '=', userId).where('auth_key_id', '=', 0n);
  const { numDeletedRows } = await (hash === undefined ? coming : coming.where('authorization_hash', '=', hash)).executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
