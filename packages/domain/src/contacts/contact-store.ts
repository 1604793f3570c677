import { type Database, defineStatement, sql, type Tx } from '@aerogram/storage';

import type { PhotoColumns } from '../peers/index.ts';
import type { ContactRow } from '../relations/index.ts';
import { joinWords, searchWords } from '../users/index.ts';

/** A contact with the data that its owner entered. */
export interface ContactEntry {
  user_id: bigint;
  phone: string;
  first_name: string;
  last_name: string;
  note?: string | undefined;
}

/** Lists all contacts of an owner, in ascending order of user id. */
export async function findContacts(q: Database['q'], ownerId: bigint): Promise<ContactRow[]> {
  return q.selectFrom('contacts').selectAll().where('owner_id', '=', ownerId).orderBy('user_id').execute();
}

/** The user ids in a contact list, in ascending order. */
export interface ContactIds {
  ids: bigint[];
  /** Those of `ids` who have the owner as a contact too. */
  mutual: bigint[];
  /** Number of phone numbers in the address book that belong to no account. */
  unmatched: number;
}

// Returns a single row of arrays: fetching thousands of rows would cost more than the rest of the request.
const readContactIds = defineStatement<ContactIds>(
  'read_contact_ids',
  `SELECT COALESCE(array_agg(user_id), '{}') AS ids,
          COALESCE(array_agg(user_id) FILTER (WHERE mutual), '{}') AS mutual,
          (SELECT count(*)::int4 FROM saved_contacts WHERE owner_id = $1) AS unmatched
     FROM (SELECT user_id, mutual FROM contacts WHERE owner_id = $1 ORDER BY user_id) AS contact`,
);

/** Finds the user ids in an owner's contact list. */
export async function findContactIds(db: Pick<Database, 'run'>, ownerId: bigint): Promise<ContactIds> {
  const { rows } = await db.run(readContactIds, [ownerId]);
  return rows[0]!;
}

/**
 * Locks users before `mutual` is read or written. A contact is mutual if the other user has the owner as a contact too and has not blocked
 * the owner; to a blocked user it looks as if the contact had been removed. That depends on rows of both users, so both are locked, in
 * ascending order. Two users who add each other at the same time therefore both become mutual contacts.
 */
export async function lockUsers(tx: Tx, ids: readonly bigint[]): Promise<void> {
  await tx.q.selectFrom('users').select('user_id').where('user_id', 'in', ids).orderBy('user_id').forNoKeyUpdate().execute();
}

/** Adds contacts or changes their names. Idempotent. */
export async function saveContacts(
  tx: Tx,
  ownerId: bigint,
  entries: readonly ContactEntry[],
  nowDate: number,
): Promise<void> {
  const ids = entries.map((entry) => entry.user_id);
  if (ids.length === 0) return;
  await lockUsers(tx, [ownerId, ...ids]);
  const mutual = await listWhoHave(tx, ownerId, ids);
  await tx.q
    .insertInto('contacts')
    .values(
      entries.map((entry) => ({
        owner_id: ownerId,
        user_id: entry.user_id,
        phone: entry.phone,
        first_name: entry.first_name,
        last_name: entry.last_name,
        note: entry.note ?? '',
        mutual: mutual.has(entry.user_id),
        words: joinWords(searchWords(`${entry.first_name} ${entry.last_name}`)),
        created_date: nowDate,
      })),
    )
    .onConflict((oc) =>
      oc.columns(['owner_id', 'user_id']).doUpdateSet((eb) => ({
        first_name: eb.ref('excluded.first_name'),
        last_name: eb.ref('excluded.last_name'),
        words: eb.ref('excluded.words'),
        // An entry without a phone number does not erase a known one.
        phone: sql<string>`CASE excluded.phone WHEN '' THEN contacts.phone ELSE excluded.phone END`,
        note: sql<string>`CASE excluded.note WHEN '' THEN contacts.note ELSE excluded.note END`,
        mutual: eb.ref('excluded.mutual'),
      })),
    )
    .execute();
  await updateMutualOf(tx, ownerId, ids);
}

/**
 * Keeps that somebody elsewhere has a user here as a contact. Idempotent.
 * @param contact without the names given, which stay at the home of the owner
 */
export async function saveContactOfOther(tx: Tx, { ownerId, userId, isCloseFriend }: { ownerId: bigint; userId: bigint; isCloseFriend: boolean }, nowDate: number): Promise<void> {
  await saveContacts(tx, ownerId, [{ user_id: userId, phone: '', first_name: '', last_name: '' }], nowDate);
  await tx.q.updateTable('contacts').set({ close_friend: isCloseFriend }).where('owner_id', '=', ownerId).where('user_id', '=', userId).execute();
}

/** The contacts of an owner among some users. */
export async function findContactsAmong(tx: Tx, ownerId: bigint, ids: readonly bigint[]): Promise<Map<bigint, ContactRow>> {
  const rows = await tx.q.selectFrom('contacts').selectAll().where('owner_id', '=', ownerId).where('user_id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.user_id, row]));
}

/** Recomputes whether `ownerId` is a mutual contact in these users' lists, after the owner's contacts or blocks changed. Idempotent. */
export async function updateMutualOf(tx: Tx, ownerId: bigint, ids: readonly bigint[]): Promise<void> {
  if (ids.length === 0) return;
  await lockUsers(tx, [ownerId, ...ids]);
  const { rows } = await sql<{ user_id: bigint; is_blocked: boolean }>`
    SELECT c.user_id, b.peer_id IS NOT NULL AS is_blocked
      FROM contacts c LEFT JOIN blocked_peers b ON b.owner_id = c.owner_id AND b.peer_id = c.user_id AND NOT b.stories_only
     WHERE c.owner_id = ${ownerId} AND c.user_id = ANY (${[...ids]}::int8[])`.execute(tx.q);
  for (const isBlocked of [true, false]) {
    await markMutual(tx, ownerId, rows.filter((row) => row.is_blocked === isBlocked).map((row) => row.user_id), !isBlocked);
  }
}

/** Returns those of `ids` who have the owner as a contact and have not blocked the owner. */
async function listWhoHave(tx: Tx, ownerId: bigint, ids: readonly bigint[]): Promise<Set<bigint>> {
  const { rows } = await sql<{ owner_id: bigint }>`
    SELECT c.owner_id FROM contacts c
     WHERE c.user_id = ${ownerId} AND c.owner_id = ANY (${[...ids]}::int8[])
       AND NOT EXISTS (SELECT FROM blocked_peers b WHERE b.owner_id = c.owner_id AND b.peer_id = c.user_id AND NOT b.stories_only)`.execute(tx.q);
  return new Set(rows.map((row) => row.owner_id));
}

/**
 * Deletes contacts.
 * @returns the ids of those that existed
 */
export async function deleteContacts(tx: Tx, ownerId: bigint, ids: readonly bigint[]): Promise<bigint[]> {
  if (ids.length === 0) return [];
  await lockUsers(tx, [ownerId, ...ids]);
  const gone = await tx.q
    .deleteFrom('contacts')
    .where('owner_id', '=', ownerId)
    .where('user_id', 'in', ids)
    .returning('user_id')
    .execute();
  const removed = gone.map((row) => row.user_id);
  await markMutual(tx, ownerId, removed, false);
  return removed;
}

/** Sets or clears the mutual mark of `ownerId` in the contact lists of others. */
async function markMutual(tx: Tx, ownerId: bigint, others: readonly bigint[], mutual: boolean): Promise<void> {
  if (others.length === 0) return;
  await tx.q
    .updateTable('contacts')
    .set({ mutual })
    .where('user_id', '=', ownerId)
    .where('owner_id', 'in', others)
    .execute();
}

/** Stores the phone numbers of an address book that belong to no account. Idempotent. */
export async function saveUnmatched(
  tx: Tx,
  ownerId: bigint,
  entries: readonly { phone: string; first_name: string; last_name: string }[],
  nowDate: number,
): Promise<void> {
  if (entries.length === 0) return;
  const byPhone = new Map(entries.map((entry) => [entry.phone, entry]));
  await tx.q
    .insertInto('saved_contacts')
    .values([...byPhone.values()].map((entry) => ({ owner_id: ownerId, ...entry, created_date: nowDate })))
    .onConflict((oc) =>
      oc.columns(['owner_id', 'phone']).doUpdateSet((eb) => ({
        first_name: eb.ref('excluded.first_name'),
        last_name: eb.ref('excluded.last_name'),
      })),
    )
    .execute();
}

/** Deletes such phone numbers, or all of them if `phones` is undefined. */
export async function deleteUnmatched(tx: Tx, ownerId: bigint, phones: readonly string[] | undefined): Promise<void> {
  if (phones?.length === 0) return;
  await tx.q
    .deleteFrom('saved_contacts')
    .where('owner_id', '=', ownerId)
    .$if(phones !== undefined, (query) => query.where('phone', 'in', phones ?? []))
    .execute();
}

/**
 * Makes exactly these contacts the close friends.
 * @returns the ids of the contacts that changed
 */
export async function saveCloseFriends(tx: Tx, ownerId: bigint, ids: readonly bigint[]): Promise<bigint[]> {
  const { rows } = await sql<{ user_id: bigint }>`
    UPDATE contacts SET close_friend = NOT close_friend
     WHERE owner_id = ${ownerId} AND close_friend <> (user_id = ANY (${[...ids]}::int8[]))
    RETURNING user_id`.execute(tx.q);
  return rows.map((row) => row.user_id);
}

/**
 * Writes the owner's note on a contact.
 * @returns false if there is no such contact
 */
export async function saveNote(tx: Tx, ownerId: bigint, userId: bigint, note: string): Promise<boolean> {
  const changed = await tx.q
    .updateTable('contacts')
    .set({ note })
    .where('owner_id', '=', ownerId)
    .where('user_id', '=', userId)
    .returning('user_id')
    .executeTakeFirst();
  return changed !== undefined;
}

/** Deletes a phone number of an address book that belonged to no account. @returns whether it was there */
export async function deleteSavedContact(tx: Tx, ownerId: bigint, phone: string): Promise<boolean> {
  const { numDeletedRows } = await tx.q.deleteFrom('saved_contacts').where('owner_id', '=', ownerId).where('phone', '=', phone).executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Writes the photo that a user sees of a contact. @returns false if there is no such contact */
export async function saveContactPhoto(tx: Tx, { ownerId, userId }: { ownerId: bigint; userId: bigint }, photo: PhotoColumns): Promise<boolean> {
  const { numUpdatedRows } = await tx.q.updateTable('contacts').set(photo).where('owner_id', '=', ownerId).where('user_id', '=', userId).executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Lists the ids of the photos that a user has set for contacts. */
export async function listContactPhotoIds(tx: Tx, ownerId: bigint): Promise<bigint[]> {
  const rows = await tx.q.selectFrom('contacts').select('photo_id').where('owner_id', '=', ownerId).where('photo_id', 'is not', null).execute();
  return rows.map((row) => row.photo_id!);
}
