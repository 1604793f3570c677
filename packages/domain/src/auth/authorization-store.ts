import type { Tables, Tx } from '@aerogram/storage';
import { rpcError } from '@aerogram/errors';
import type { Selectable, Updateable } from 'kysely';

import { endTimeOfCalls } from '../calls/index.ts';
import { endSecretChats } from '../secret-chats/index.ts';
import type { UserKey } from '../shared/index.ts';
import { endPushDevices } from './push-device-store.ts';
import { spendOfKeys } from './spend-store.ts';

export type AuthorizationRow = Selectable<Tables['authorizations']>;

/** The result of logging a key in, for this key and others. */
export interface KeyChange {
  /** Whether the key was not logged in as this user before. */
  fresh: boolean;
  /** The hash of the new authorisation. */
  hash?: bigint;
  /** The user's other devices have to confirm the new authorisation. */
  unconfirmed?: boolean;
  /** Other keys that were logged out together with this key's previous account. */
  ended: bigint[];
}

/**
 * Checks that a key is logged in as a user or waits for the user's password, and locks the key until the transaction ends.
 * @throws RpcError 401 AUTH_KEY_UNREGISTERED
 */
export async function checkAuthorized(tx: Tx, { userId, authKeyId }: UserKey): Promise<void> {
  const key = await tx.q
    .selectFrom('auth_keys')
    .select(['user_id', 'pending_user_id'])
    .where('auth_key_id', '=', authKeyId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (key?.user_id !== userId && key?.pending_user_id !== userId) throw rpcError('AUTH_KEY_UNREGISTERED');
}

/**
 * Logs a permanent key in as a user. A key that is logged in as the user already stays unchanged.
 * @param wanted `main`: the authorisation that this one was exported from, if any; `unconfirmed`: ask the user's other devices, if any, to
 * confirm the log-in; `withPassword`: the device has proved the account's password
 */
export async function authorizeKey(
  tx: Tx,
  wanted: {
    userId: bigint;
    authKeyId: bigint;
    hash: bigint;
    address: string;
    nowDate: number;
    main?: bigint;
    unconfirmed?: boolean;
    withPassword?: boolean;
  },
): Promise<KeyChange> {
  const { userId, authKeyId, hash, address, nowDate } = wanted;
  const left = await leaveFormer(tx, { userId, authKeyId }, nowDate);
  if (left === 'authorized') return { fresh: false, ended: [] };
  await tx.q
    .updateTable('auth_keys')
    .set({ user_id: userId, revoked_date: null, pending_user_id: null, pending_date: null, deactivated: false, elsewhere_user_id: null, elsewhere_date: null })
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
      with_password: wanted.withPassword ?? false,
    })
    .execute();
  return { fresh: true, hash, unconfirmed: Boolean(others), ended: left };
}

/**
 * Records that a permanent key has passed the first factor of a user with a password. If the key was logged in as another user, it is
 * logged out.
 * @returns undefined if the key is logged in as the user already
 */
export async function awaitPassword(
  tx: Tx,
  wanted: { userId: bigint; authKeyId: bigint; hash: bigint; address: string; nowDate: number },
): Promise<KeyChange | undefined> {
  const { userId, authKeyId, hash, address, nowDate } = wanted;
  const left = await leaveFormer(tx, { userId, authKeyId }, nowDate);
  if (left === 'authorized') return undefined;
  await tx.q
    .updateTable('auth_keys')
    .set({
      pending_user_id: userId,
      pending_date: nowDate,
      pending_hash: hash,
      pending_address: address,
      revoked_date: null,
      deactivated: false,
      elsewhere_user_id: null,
      elsewhere_date: null,
    })
    .where('auth_key_id', '=', authKeyId)
    .execute();
  return { fresh: false, ended: left };
}

/**
 * Binds a permanent key to a person who lives in another data centre. If it was logged in, it is logged out.
 * @returns other keys that were logged out with it
 */
export async function bindElsewhere(tx: Tx, { userId, authKeyId }: UserKey, nowDate: number): Promise<bigint[]> {
  const left = await leaveFormer(tx, { userId, authKeyId }, nowDate);
  await tx.q
    .updateTable('auth_keys')
    .set({ user_id: null, revoked_date: null, pending_user_id: null, pending_date: null, deactivated: false, elsewhere_user_id: userId, elsewhere_date: nowDate })
    .where('auth_key_id', '=', authKeyId)
    .execute();
  return left === 'authorized' ? [] : left;
}

/** Frees a key from the person of another data centre to whom it was bound. */
export async function unbindElsewhere(tx: Tx, authKeyId: bigint): Promise<void> {
  await tx.q.updateTable('auth_keys').set({ elsewhere_user_id: null, elsewhere_date: null }).where('auth_key_id', '=', authKeyId).execute();
}

/**
 * Locks a key that is about to be logged in as a user and detaches it from any other user. It also deletes the QR code tokens that the key
 * shows.
 * @returns 'authorized' if the key is logged in as the user already, otherwise the other keys that were logged out with it
 */
async function leaveFormer(tx: Tx, { userId, authKeyId }: UserKey, nowDate: number): Promise<'authorized' | bigint[]> {
  const key = await tx.q.selectFrom('auth_keys').select(['user_id', 'pending_user_id']).where('auth_key_id', '=', authKeyId).forUpdate().executeTakeFirst();
  if (!key) throw new Error('the key of an authorisation is gone');
  if (key.user_id === userId) return 'authorized';
  const ended = key.user_id === null ? [] : await endAuthorizations(tx, key.user_id, [authKeyId], { nowDate, revoked: false });
  const formerId = key.pending_user_id;
  if (formerId !== null && formerId !== userId) await spendOfKeys(tx, formerId, [authKeyId], false);
  await tx.q.deleteFrom('login_tokens').where('auth_key_id', '=', authKeyId).where('accepted_user_id', 'is', null).execute();
  return ended.filter((id) => id !== authKeyId);
}

/**
 * Ends log-ins that wait for a user's password: all of them, or those selected by `which`.
 * @param which `revoked`: another device ended them
 * @returns their keys
 */
export async function endWaiting(
  tx: Tx,
  userId: bigint,
  which: { authKeyId?: bigint; exceptAuthKeyId?: bigint; revoked?: boolean } = {},
): Promise<bigint[]> {
  const { authKeyId, exceptAuthKeyId, revoked = false } = which;
  const ended = await tx.q
    .updateTable('auth_keys')
    .set({ pending_user_id: null, pending_date: null })
    .where('pending_user_id', '=', userId)
    .where('user_id', 'is', null)
    .$if(authKeyId !== undefined, (query) => query.where('auth_key_id', '=', authKeyId!))
    .$if(exceptAuthKeyId !== undefined, (query) => query.where('auth_key_id', '<>', exceptAuthKeyId!))
    .returning('auth_key_id')
    .execute();
  const keys = ended.map((row) => row.auth_key_id);
  await spendOfKeys(tx, userId, keys, revoked);
  return keys;
}

/**
 * Ends authorisations of a user and those exported from them, together with the codes, tokens and challenges issued to them, and with their secret chats and calls.
 * @param how.nowDate unix seconds
 * @param how.revoked whether another device ended them, or the server; false for a log-out
 * @returns the permanent keys that were logged out
 */
export async function endAuthorizations(
  tx: Tx,
  userId: bigint,
  authKeyIds: readonly bigint[],
  { nowDate, revoked }: { nowDate: number; revoked: boolean },
): Promise<bigint[]> {
  if (authKeyIds.length === 0) return [];
  // Locked by a statement of its own, so that the next one sees what is being imported from them at this moment.
  await tx.q.selectFrom('authorizations').select('auth_key_id').where('user_id', '=', userId).where('auth_key_id', 'in', authKeyIds).orderBy('auth_key_id').forUpdate().execute();
  const gone = await tx.q
    .deleteFrom('authorizations')
    .where('user_id', '=', userId)
    .where((eb) => eb.or([eb('auth_key_id', 'in', authKeyIds), eb('main_auth_key_id', 'in', authKeyIds)]))
    .returning(['auth_key_id', 'active_date'])
    .execute();
  const keys = gone.map((row) => row.auth_key_id);
  if (keys.length > 0) {
    await endPushDevices(tx, userId, keys);
    await endSecretChats(tx, userId, keys, nowDate);
    await endTimeOfCalls(tx, userId, keys, nowDate);
    await tx.q.deleteFrom('takeouts').where('user_id', '=', userId).where('auth_key_id', 'in', keys).execute();
    // The key no longer has a user. It is kept as long as any such key, so that its client can still be told why it was logged out.
    const seen_date = revoked ? nowDate : Math.max(...gone.map((row) => row.active_date));
    await tx.q
      .updateTable('auth_keys')
      .set({ user_id: null, revoked_date: revoked ? nowDate : null, seen_date })
      .where('auth_key_id', 'in', keys)
      .where('user_id', '=', userId)
      .execute();
    await spendOfKeys(tx, userId, keys, revoked);
  }
  return keys;
}

/** Changes columns of a device's row. */
export async function saveDevice(tx: Tx, { userId, authKeyId }: UserKey, change: Updateable<Tables['authorizations']>): Promise<void> {
  await tx.q.updateTable('authorizations').set(change).where('user_id', '=', userId).where('auth_key_id', '=', authKeyId).execute();
}
