import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';

import { confirmUsername, reserveUsername } from './directory-store.ts';

/** What of a profile may change; undefined leaves it. */
export interface ProfileChange {
  first_name?: string | undefined;
  last_name?: string | undefined;
  about?: string | undefined;
}

/** Writes a profile. Repeating it changes nothing more. */
export async function saveProfile(db: Database, userId: bigint, change: ProfileChange): Promise<void> {
  await db.transact('save-profile', async (tx) => {
    await tx.q.updateTable('users').set(change).where('user_id', '=', userId).execute();
  });
}

/**
 * Gives a user a username, or takes it away.
 * @param username with the case the user wrote; undefined for none
 * @throws RpcError 400 USERNAME_OCCUPIED
 */
export async function saveUsername(
  db: Database,
  userId: bigint,
  username: string | undefined,
  nowDate: number,
): Promise<void> {
  const name = username?.toLowerCase();
  if (name !== undefined) {
    const reserved = await db.transact('reserve-username', (tx) => reserveUsername(tx, name, userId, nowDate));
    if (!reserved) throw rpcError('USERNAME_OCCUPIED');
  }
  await db.transact('save-username', async (tx) => {
    const old = await tx.q.selectFrom('users').select('username').where('user_id', '=', userId).forUpdate().executeTakeFirst();
    await tx.q.updateTable('users').set({ username: username ?? null }).where('user_id', '=', userId).execute();
    await confirmUsername(tx, name, userId, old?.username?.toLowerCase());
  });
}
