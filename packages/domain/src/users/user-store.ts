import { rpcError } from '@aerogram/errors';
import type { Database, Tables, Tx } from '@aerogram/storage';
import type { Updateable } from 'kysely';

import { confirmUsername, reserveUsername } from './directory-store.ts';
import { saveUserWords } from './user-words.ts';

/** Columns of a user that the user decides about. */
export type ProfileChange = Pick<
  Updateable<Tables['users']>,
  'first_name' | 'last_name' | 'about' | 'birthday_day' | 'birthday_month' | 'birthday_year' | 'color' | 'profile_color'
>;

/** Writes a profile, and the words it is searched by. Repeating it changes nothing more. */
export async function saveProfile(tx: Tx, userId: bigint, change: ProfileChange): Promise<void> {
  await tx.q.updateTable('users').set(change).where('user_id', '=', userId).execute();
  await saveUserWords(tx, userId);
}

/** Reserves a username for a user. @throws RpcError 400 USERNAME_OCCUPIED */
export async function reserveName(db: Database, userId: bigint, username: string, nowDate: number): Promise<void> {
  const name = username.toLowerCase();
  const reserved = await db.transact('reserve-username', (tx) => reserveUsername(tx, name, userId, nowDate));
  if (!reserved) throw rpcError('USERNAME_OCCUPIED');
}

/**
 * Gives a user the username that was reserved, or takes the old one away.
 * @param username with the case the user wrote; undefined for none
 */
export async function saveUsername(tx: Tx, userId: bigint, username: string | undefined): Promise<void> {
  const old = await tx.q.selectFrom('users').select('username').where('user_id', '=', userId).forUpdate().executeTakeFirst();
  await tx.q.updateTable('users').set({ username: username ?? null }).where('user_id', '=', userId).execute();
  await confirmUsername(tx, username?.toLowerCase(), userId, old?.username?.toLowerCase());
  await saveUserWords(tx, userId);
}
