import { sql, type Database, type Tx } from '@aerogram/storage';

import type { ContactRow } from './relation.ts';

/** A contact as its owner gives it. */
export interface ContactEntry {
  user_id: bigint;
  phone: string;
  first_name: string;
  last_name: string;
  note?: string | undefined;
  shares_phone?: boolean | undefined;
}

/** All contacts of one owner, by user id. */
export async function findContacts(q: Database['q'], ownerId: bigint): Promise<ContactRow[]> {
  return q.selectFrom('contacts').selectAll().where('owner_id', '=', ownerId).orderBy('user_id').execute();
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
        shares_phone: entry.shares_phone ?? false,
        mutual: mutual.has(entry.user_id),
        created_date: nowDate,
      })),
    )
    .onConflict((oc) =>
      oc.columns(['owner_id', 'user_id']).doUpdateSet((eb) => ({
        first_name: eb.ref('excluded.first_name'),
        last_name: eb.ref('excluded.last_name'),
        // A number once known is not forgotten by an entry that comes without one.
        phone: sql<string>`CASE excluded.phone WHEN '' THEN contacts.phone ELSE excluded.phone END`,
        note: sql<string>`CASE excluded.note WHEN '' THEN contacts.note ELSE excluded.note END`,
        shares_phone: sql<boolean>`contacts.shares_phone OR excluded.shares_phone`,
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
