import { type Database, defineStatement, sql, type Tx } from '@aerogram/storage';

import type { ContactRow } from './relation.ts';
import { joinWords, searchWords } from './user-words.ts';

/** A contact as its owner gives it. */
export interface ContactEntry {
  user_id: bigint;
  phone: string;
  first_name: string;
  last_name: string;
  note?: string | undefined;
}

/** All contacts of one owner, by user id. */
export async function findContacts(q: Database['q'], ownerId: bigint): Promise<ContactRow[]> {
  return q.selectFrom('contacts').selectAll().where('owner_id', '=', ownerId).orderBy('user_id').execute();
}

/** Who is in a list of contacts; both lists ascend. */
export interface ContactIds {
  ids: bigint[];
  /** Those of them who have the owner, too. */
  mutual: bigint[];
  /** Numbers of the address book that have no account here. */
  unmatched: number;
}

// One row of lists: thousands of rows cost more than all else that a list of contacts is asked for.
const readContactIds = defineStatement<ContactIds>(
  'read_contact_ids',
  `SELECT COALESCE(array_agg(user_id), '{}') AS ids,
          COALESCE(array_agg(user_id) FILTER (WHERE mutual), '{}') AS mutual,
          (SELECT count(*)::int4 FROM saved_contacts WHERE owner_id = $1) AS unmatched
     FROM (SELECT user_id, mutual FROM contacts WHERE owner_id = $1 ORDER BY user_id) AS contact`,
);

/** Who is in the list of contacts of one owner. */
export async function findContactIds(db: Pick<Database, 'run'>, ownerId: bigint): Promise<ContactIds> {
  const { rows } = await db.run(readContactIds, [ownerId]);
  return rows[0]!;
}

/**
 * `mutual` is one fact in two rows: both users' rows are locked, in ascending order, before either is read or
 * written, so that two people adding each other at once both see it.
 */
async function lockUsers(tx: Tx, ids: readonly bigint[]): Promise<void> {
  await tx.q.selectFrom('users').select('user_id').where('user_id', 'in', ids).orderBy('user_id').forNoKeyUpdate().execute();
}

/** Adds contacts or changes their names. Repeating it changes nothing more. */
export async function saveContacts(
  tx: Tx,
  ownerId: bigint,
  entries: readonly ContactEntry[],
  nowDate: number,
): Promise<void> {
  const ids = entries.map((entry) => entry.user_id);
  if (ids.length === 0) return;
  await lockUsers(tx, [ownerId, ...ids]);
  const reverse = await tx.q
    .selectFrom('contacts')
    .select('owner_id')
    .where('user_id', '=', ownerId)
    .where('owner_id', 'in', ids)
    .execute();
  const mutual = new Set(reverse.map((row) => row.owner_id));
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
        // A number once known is not forgotten by an entry that comes without one.
        phone: sql<string>`CASE excluded.phone WHEN '' THEN contacts.phone ELSE excluded.phone END`,
        note: sql<string>`CASE excluded.note WHEN '' THEN contacts.note ELSE excluded.note END`,
        mutual: eb.ref('excluded.mutual'),
      })),
    )
    .execute();
  await markReverse(tx, ownerId, [...mutual], true);
}

/** Removes contacts. @returns the ids that were there */
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
  await markReverse(tx, ownerId, removed, false);
  return removed;
}

async function markReverse(tx: Tx, ownerId: bigint, others: readonly bigint[], mutual: boolean): Promise<void> {
  if (others.length === 0) return;
  await tx.q
    .updateTable('contacts')
    .set({ mutual })
    .where('user_id', '=', ownerId)
    .where('owner_id', 'in', others)
    .execute();
}

/** Keeps the numbers of an address book that have no account here. Repeating it changes nothing more. */
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

/** Forgets such numbers; all of them where none are named. */
export async function deleteUnmatched(tx: Tx, ownerId: bigint, phones: readonly string[] | undefined): Promise<void> {
  if (phones?.length === 0) return;
  await tx.q
    .deleteFrom('saved_contacts')
    .where('owner_id', '=', ownerId)
    .$if(phones !== undefined, (query) => query.where('phone', 'in', phones ?? []))
    .execute();
}

/** Makes exactly these contacts the close friends. @returns the ids whose mark changed */
export async function saveCloseFriends(tx: Tx, ownerId: bigint, ids: readonly bigint[]): Promise<bigint[]> {
  const { rows } = await sql<{ user_id: bigint }>`
    UPDATE contacts SET close_friend = NOT close_friend
     WHERE owner_id = ${ownerId} AND close_friend <> (user_id = ANY (${[...ids]}::int8[]))
    RETURNING user_id`.execute(tx.q);
  return rows.map((row) => row.user_id);
}

/** Writes the owner's note on a contact. @returns false where there is no such contact */
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
