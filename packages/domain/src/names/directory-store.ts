import type { Database, Tx } from '@aerogram/storage';

// Directories of names that are unique across all owners (rule S18, unique names). The steps are: reserve the name, write the owner's row, confirm the
// name. Each step is a transaction that may be repeated. A reservation whose owner was never written can be taken over.

/** Seconds after which an unconfirmed reservation expires. */
export const STALE_S = 60;

/**
 * Reserves a phone number for a new account. If the number is already reserved, the existing user id is returned: the first caller to write
 * the account's row gets it.
 * @returns the user id that the number belongs to
 */
export async function reservePhone(tx: Tx, phone: string, newUserId: bigint, nowDate: number): Promise<bigint> {
  await tx.q
    .insertInto('phones')
    .values({ phone, user_id: newUserId, reserved_date: nowDate })
    .onConflict((oc) => oc.column('phone').doNothing())
    .execute();
  const row = await tx.q.selectFrom('phones').select('user_id').where('phone', '=', phone).executeTakeFirstOrThrow();
  return row.user_id;
}

/**
 * Confirms a number once the account's row is written.
 * @returns false if another user took over the reservation meanwhile
 */
export async function confirmPhone(tx: Tx, phone: string, userId: bigint): Promise<boolean> {
  const confirmed = await tx.q
    .updateTable('phones')
    .set({ confirmed: true })
    .where('phone', '=', phone)
    .where('user_id', '=', userId)
    .returning('phone')
    .executeTakeFirst();
  return confirmed !== undefined;
}

/**
 * Deletes the reservation of a number whose reserved user id is in use by another account.
 * @returns false if the number is already confirmed
 */
export async function releasePhone(tx: Tx, phone: string, userId: bigint): Promise<boolean> {
  const left = await tx.q.selectFrom('phones').select('confirmed').where('phone', '=', phone).forUpdate().executeTakeFirst();
  if (left?.confirmed) return false;
  await tx.q.deleteFrom('phones').where('phone', '=', phone).where('user_id', '=', userId).execute();
  return true;
}

/**
 * Reserves a number for an account that has another one, where the first home is to be asked before {@link takePhone}.
 * @returns false if another account has the number or has reserved it
 */
export async function holdPhone(tx: Tx, phone: string, userId: bigint, nowDate: number): Promise<boolean> {
  const row = { user_id: userId, reserved_date: nowDate };
  const held = await tx.q
    .insertInto('phones')
    .values({ phone, ...row })
    .onConflict((oc) =>
      oc
        .column('phone')
        .doUpdateSet(row)
        .where((eb) => eb.or([eb('phones.user_id', '=', userId), eb.and([eb('phones.confirmed', '=', false), eb('phones.reserved_date', '<', nowDate - STALE_S)])])),
    )
    .returning('user_id')
    .executeTakeFirst();
  return held !== undefined;
}

/**
 * Assigns a number to an account and frees the account's previous number.
 * @returns false if another account has the number or has reserved it
 */
export async function takePhone(
  tx: Tx,
  change: { phone: string; userId: bigint; nowDate: number },
): Promise<boolean> {
  const { phone, userId, nowDate } = change;
  const row = { user_id: userId, confirmed: true, reserved_date: nowDate };
  const taken = await tx.q
    .insertInto('phones')
    .values({ phone, ...row })
    .onConflict((oc) =>
      oc
        .column('phone')
        .doUpdateSet(row)
        .where('phones.confirmed', '=', false)
        .where((eb) => eb.or([eb('phones.reserved_date', '<', nowDate - STALE_S), eb('phones.user_id', '=', userId)])),
    )
    .returning('user_id')
    .executeTakeFirst();
  if (!taken) return false;
  await tx.q.deleteFrom('phones').where('user_id', '=', userId).where('phone', '<>', phone).execute();
  return true;
}

/**
 * Reserves a username for a peer.
 * @param name lower case
 * @returns false if another peer has the name
 */
export async function reserveUsername(tx: Tx, name: string, peerId: bigint, nowDate: number): Promise<boolean> {
  const taken = await tx.q
    .insertInto('usernames')
    .values({ name, peer_id: peerId, reserved_date: nowDate })
    .onConflict((oc) =>
      oc
        .column('name')
        .doUpdateSet({ peer_id: peerId, reserved_date: nowDate })
        .where((eb) =>
          eb.or([
            eb('usernames.peer_id', '=', peerId),
            eb.and([eb('usernames.confirmed', '=', false), eb('usernames.reserved_date', '<', nowDate - STALE_S)]),
          ]),
        ),
    )
    .returning('peer_id')
    .executeTakeFirst();
  return taken !== undefined;
}

/** Frees a username that is reserved for a peer and not confirmed. @param name lower case */
export async function releaseUsername(tx: Tx, name: string, peerId: bigint): Promise<void> {
  await tx.q.deleteFrom('usernames').where('name', '=', name).where('peer_id', '=', peerId).where('confirmed', '=', false).execute();
}

/**
 * Confirms a reserved username and frees the peer's previous one.
 * @returns false if another peer took over the reservation meanwhile
 */
export async function confirmUsername(tx: Tx, name: string | undefined, peerId: bigint, old: string | undefined): Promise<boolean> {
  if (name !== undefined) {
    const { numUpdatedRows } = await tx.q.updateTable('usernames').set({ confirmed: true }).where('name', '=', name).where('peer_id', '=', peerId).executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
  }
  if (old !== undefined && old !== name) {
    await tx.q.deleteFrom('usernames').where('name', '=', old).where('peer_id', '=', peerId).execute();
  }
  return true;
}

/** Finds the peer that has a username. @returns its marked id */
export async function findNamedPeer(q: Database['q'], username: string): Promise<bigint | undefined> {
  const name = username.toLowerCase();
  // A search text may contain characters that no username has. PostgreSQL refuses some of them, such as a zero byte.
  if (!/^\w+$/.test(name)) return undefined;
  const entry = await q.selectFrom('usernames').select('peer_id').where('name', '=', name).where('confirmed', '=', true).executeTakeFirst();
  return entry?.peer_id;
}
