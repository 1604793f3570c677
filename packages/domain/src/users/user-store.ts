import { rpcError } from '@aerogram/errors';
import type { Database, Tables, Tx } from '@aerogram/storage';
import type { Updateable } from 'kysely';

import { confirmUsername, reserveUsername } from './directory-store.ts';
import { saveUserWords } from './user-words.ts';

/** The columns of `users` that users edit themselves. */
export type ProfileChange = Pick<
  Updateable<Tables['users']>,
  'first_name' | 'last_name' | 'about' | 'birthday_day' | 'birthday_month' | 'birthday_year' | 'color' | 'profile_color'
>;

/** Writes profile columns and the search words derived from them. Idempotent. */
export async function saveProfile(tx: Tx, userId: bigint, change: ProfileChange): Promise<void> {
  await tx.q.updateTable('users').set(change).where('user_id', '=', userId).execute();
  await saveUserWords(tx, userId);
}

/**
 * Reserves a username for a user.
 * @throws RpcError 400 USERNAME_OCCUPIED
 */
export async function reserveName(db: Database, userId: bigint, username: string, nowDate: number): Promise<void> {
  const name = username.toLowerCase();
  const reserved = await db.transact('reserve-username', (tx) => reserveUsername(tx, name, userId, nowDate));
  if (!reserved) throw rpcError('USERNAME_OCCUPIED');
}

/**
 * Gives a user the reserved username and frees the old one.
 * @param username in the case that the user wrote; undefined removes the username
 */
export async function saveUsername(tx: Tx, userId: bigint, username: string | undefined): Promise<void> {
  const old = await tx.q.selectFrom('users').select('username').where('user_id', '=', userId).forUpdate().executeTakeFirst();
  await tx.q.updateTable('users').set({ username: username ?? null }).where('user_id', '=', userId).execute();
  await confirmUsername(tx, username?.toLowerCase(), userId, old?.username?.toLowerCase());
  await saveUserWords(tx, userId);
}
