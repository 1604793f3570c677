import type { Tables, Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

export type AuthorizationRow = Selectable<Tables['authorizations']>;

/** What became of a key, and of others with it. */
export interface KeyChange {
  /** The key was not this user's before. */
  fresh: boolean;
  /** The hash of the new authorisation, where the user's other devices are asked about it. */
  unconfirmedHash?: bigint;
  /** Other keys that ceased to speak for whom this one spoke before. */
  ended: bigint[];
}

/**
 * Makes a permanent key speak for a user. A key that speaks for them already stays as it is.
 * @param wanted `main`: the authorisation this one was carried over from, if any; `unconfirmed`: ask the user's other
 * devices, if there are any, whether it was them
 */
export async function authorizeKey(
  tx: Tx,
  wanted: { userId: bigint; authKeyId: bigint; hash: bigint; address: string; nowDate: number; main?: bigint; unconfirmed?: boolean },
): Promise<KeyChange> {
  const { userId, authKeyId, hash, address, nowDate } = wanted;
  const key = await tx.q.selectFrom('auth_keys').select('user_id').where('auth_key_id', '=', authKeyId).forUpdate().executeTakeFirst();
  if (!key) throw new Error('the key of an authorisation is gone');
  if (key.user_id === userId) return { fresh: false, ended: [] };
  const ended = key.user_id === null ? [] : await endAuthorizations(tx, key.user_id, [authKeyId], undefined);
  await tx.q
    .updateTable('auth_keys')
    .set({ user_id: userId, revoked_date: null, pending_user_id: null, pending_date: null, deactivated: false })
    .where('auth_key_id', '=', authKeyId)
    .execute();
  const others =
    wanted.unconfirmed === true &&
    (await tx.q.selectFrom('authorizations').select('auth_key_id').where('user_id', '=', userId).limit(1).executeTakeFirst());
  await tx.q
    .insertInto('authorizations')
    .values({
      unconfirmed: Boolean(others),
      user_id: userId,
      auth_key_id: authKeyId,
      hash,
      created_date: nowDate,
      active_date: nowDate,
      address,
      main_auth_key_id: wanted.main ?? null,
    })
    .execute();
  return { fresh: true, ended: ended.filter((id) => id !== authKeyId), ...(others ? { unconfirmedHash: hash } : {}) };
}

/**
 * Notes that a permanent key has shown the first factor of a user who has a password. Whom it spoke for, it leaves.
 * @returns undefined when the key speaks for the user already
 */
export async function awaitPassword(
  tx: Tx,
  wanted: { userId: bigint; authKeyId: bigint; hash: bigint; address: string; nowDate: number },
): Promise<KeyChange | undefined> {
  const { userId, authKeyId, hash, address, nowDate } = wanted;
  const key = await tx.q.selectFrom('auth_keys').select(['user_id', 'pending_user_id']).where('auth_key_id', '=', authKeyId).forUpdate().executeTakeFirst();
  if (!key) throw new Error('the key of an authorisation is gone');
  if (key.user_id === userId) return undefined;
  const ended = key.user_id === null ? [] : await endAuthorizations(tx, key.user_id, [authKeyId], undefined);
  await tx.q
    .updateTable('auth_keys')
    .set({
      pending_user_id: userId,
      pending_date: nowDate,
      pending_hash: hash,
      pending_address: address,
      revoked_date: null,
      deactivated: false,
    })
    .where('auth_key_id', '=', authKeyId)
    .execute();
  return { fresh: false, ended: ended.filter((id) => id !== authKeyId) };
}

/**
 * Ends authorisations of a user, with those that were carried over from them.
 * @param revokedDate set for those ended from another device; undefined for a log-out
 * @returns the permanent keys that no longer speak for the user
 */
export async function endAuthorizations(
  tx: Tx,
  userId: bigint,
  authKeyIds: readonly bigint[],
  revokedDate: number | undefined,
): Promise<bigint[]> {
  if (authKeyIds.length === 0) return [];
  const gone = await tx.q
    .deleteFrom('authorizations')
    .where('user_id', '=', userId)
    .where((eb) => eb.or([eb('auth_key_id', 'in', authKeyIds), eb('main_auth_key_id', 'in', authKeyIds)]))
    .returning(['auth_key_id', 'active_date'])
    .execute();
  const keys = gone.map((row) => row.auth_key_id);
  if (keys.length > 0) {
    await tx.q.deleteFrom('push_devices').where('user_id', '=', userId).where('auth_key_id', 'in', keys).execute();
    // From now on a guest's: kept as long as one, so that its client can still be told what became of its log-in.
    const seen_date = revokedDate ?? Math.max(...gone.map((row) => row.active_date));
    await tx.q
      .updateTable('auth_keys')
      .set({ user_id: null, revoked_date: revokedDate ?? null, seen_date })
      .where('auth_key_id', 'in', keys)
      .where('user_id', '=', userId)
      .execute();
  }
  return keys;
}
