import { type Database, sql, type Tables, type Tx } from '@aerogram/storage';
import type { Updateable } from 'kysely';

/** Writes the layer or the connection data of a permanent key. */
export async function saveConnectionData(tx: Tx, authKeyId: bigint, change: Updateable<Tables['auth_keys']>): Promise<void> {
  await tx.q.updateTable('auth_keys').set(change).where('auth_key_id', '=', authKeyId).execute();
}

/**
 * Binds a temporary key to a permanent one. The key then expires on the earlier of the two dates.
 * @returns false if the key is bound to another one already
 */
export async function saveBinding(tx: Tx, { authKeyId, permAuthKeyId, expires_date }: { authKeyId: bigint; permAuthKeyId: bigint; expires_date: number }): Promise<boolean> {
  const { numUpdatedRows } = await tx.q
    .updateTable('auth_keys')
    .set({ perm_auth_key_id: permAuthKeyId, expires_date: sql<number>`LEAST(expires_date, ${expires_date}::int4)` })
    .where('auth_key_id', '=', authKeyId)
    .where((eb) => eb.or([eb('perm_auth_key_id', 'is', null), eb('perm_auth_key_id', '=', permAuthKeyId)]))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Deletes the temporary keys of a permanent key, except some. @returns the ids of the deleted keys */
export async function deleteTempKeys(tx: Tx, permAuthKeyId: bigint, except: readonly bigint[]): Promise<bigint[]> {
  let query = tx.q.deleteFrom('auth_keys').where('perm_auth_key_id', '=', permAuthKeyId);
  if (except.length > 0) query = query.where('auth_key_id', 'not in', [...except]);
  return idsOf(await query.returning('auth_key_id').execute());
}

/** Deletes keys that have expired. @returns their ids */
export async function deleteExpiredKeys(tx: Tx, nowDate: number): Promise<bigint[]> {
  return idsOf(await tx.q.deleteFrom('auth_keys').where('expires_date', '<=', nowDate).returning('auth_key_id').execute());
}

/**
 * Deletes permanent keys without a user that were last active before a date, with the temporary keys bound to them.
 * @param limit maximum number of permanent keys
 * @returns the ids of the deleted keys
 */
export async function deleteGuestKeys(tx: Tx, beforeDate: number, limit: number): Promise<bigint[]> {
  const isGivenUp = sql<boolean>`user_id IS NULL AND expires_date IS NULL AND pending_user_id IS NULL AND COALESCE(seen_date, created_date) < ${beforeDate}::int4`;
  const found = await tx.q.selectFrom('auth_keys').select('auth_key_id').where(isGivenUp).limit(limit).execute();
  if (found.length === 0) return [];
  // The condition is checked again in the DELETE, because somebody may have logged in with a key meanwhile.
  const dropped = idsOf(await tx.q.deleteFrom('auth_keys').where('auth_key_id', 'in', idsOf(found)).where(isGivenUp).returning('auth_key_id').execute());
  if (dropped.length === 0) return [];
  const bound = await tx.q.deleteFrom('auth_keys').where('perm_auth_key_id', 'in', dropped).returning('auth_key_id').execute();
  return [...dropped, ...idsOf(bound)];
}

/** The last activity of a device. */
export interface SeenDevice {
  userId: bigint;
  authKeyId: bigint;
  address: string;
  date: number;
}

/** Writes the last activity and address of devices. Rows are locked in ascending order of the key. */
export async function saveSeenDevices(db: Database, devices: readonly SeenDevice[]): Promise<void> {
  const rows = devices.toSorted((a, b) => (a.authKeyId < b.authKeyId ? -1 : 1));
  await db.transact('write-activity', async (tx) => {
    await sql`
      UPDATE authorizations SET active_date = seen.active_date, address = seen.address
      FROM unnest(
        ${rows.map((seen) => seen.userId)}::int8[], ${rows.map((seen) => seen.authKeyId)}::int8[],
        ${rows.map((seen) => seen.date)}::int4[], ${rows.map((seen) => seen.address)}::text[]
      ) AS seen (user_id, auth_key_id, active_date, address)
      WHERE authorizations.user_id = seen.user_id AND authorizations.auth_key_id = seen.auth_key_id`.execute(tx.q);
  });
}

/** Writes the date of the last activity of keys without a user. */
export async function saveSeenGuests(db: Database, batch: ReadonlyMap<bigint, number>): Promise<void> {
  const rows = [...batch].toSorted(([a], [b]) => (a < b ? -1 : 1));
  await db.transact('write-guests', async (tx) => {
    await sql`
      UPDATE auth_keys SET seen_date = seen.date
      FROM unnest(${rows.map(([id]) => id)}::int8[], ${rows.map(([, date]) => date)}::int4[]) AS seen (auth_key_id, date)
      WHERE auth_keys.auth_key_id = seen.auth_key_id AND auth_keys.user_id IS NULL`.execute(tx.q);
  });
}

function idsOf(rows: readonly { auth_key_id: bigint }[]): bigint[] {
  return rows.map((row) => row.auth_key_id);
}
