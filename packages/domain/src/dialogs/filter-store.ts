import { sql } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';

import type { Queries } from '../events/index.ts';

/** An owner's folders in their order; the list of all chats stands among them once it was given a place. */
export async function listFilters(q: Queries, ownerId: bigint): Promise<{ id: number; filter: tl.DialogFilter }[]> {
  const rows = await q
    .selectFrom('dialog_filters')
    .select(['filter_id', 'filter'])
    .where('owner_id', '=', ownerId)
    .orderBy('place')
    .orderBy('filter_id')
    .execute();
  // What saveFilter writes is a DialogFilter.
  return rows.map((row) => ({ id: row.filter_id, filter: storedDecode(row.filter) as tl.DialogFilter }));
}

/** Whether some folder of the owner names this chat among those it always shows. */
export async function isInFolder(q: Queries, ownerId: bigint, peerId: bigint): Promise<boolean> {
  for (const { filter } of await listFilters(q, ownerId)) {
    if (filter._ === 'dialogFilterDefault') continue;
    const named = [...filter.pinned_peers, ...filter.include_peers];
    if (named.some((peer) => peer._ === 'inputPeerUser' && peer.user_id === peerId)) return true;
  }
  return false;
}

/** Writes a folder; one that is new comes last. */
export async function saveFilter(tx: Tx, ownerId: bigint, filterId: number, filter: tl.DialogFilter): Promise<void> {
  const bytes = storedEncode(filter);
  await tx.q
    .insertInto('dialog_filters')
    .values({
      owner_id: ownerId,
      filter_id: filterId,
      place: sql<number>`(SELECT COALESCE(max(place), 0) + 1 FROM dialog_filters WHERE owner_id = ${ownerId})`,
      filter: bytes,
    })
    .onConflict((conflict) => conflict.columns(['owner_id', 'filter_id']).doUpdateSet({ filter: bytes }))
    .execute();
}

/** Takes a folder away. @returns whether it was there */
export async function removeFilter(tx: Tx, ownerId: bigint, filterId: number): Promise<boolean> {
  const result = await tx.q
    .deleteFrom('dialog_filters')
    .where('owner_id', '=', ownerId)
    .where('filter_id', '=', filterId)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Gives folders their places in the order of `filterIds`. */
export async function saveFilterOrder(tx: Tx, ownerId: bigint, filterIds: readonly number[]): Promise<void> {
  await sql`UPDATE dialog_filters SET place = array_position(${[...filterIds]}::integer[], filter_id::integer)
             WHERE owner_id = ${ownerId} AND filter_id = ANY (${[...filterIds]}::integer[])`.execute(tx.q);
}

/** Whether chats show the names of their folders. */
export async function findFolderTags(q: Queries, ownerId: bigint): Promise<boolean> {
  const row = await q.selectFrom('chat_settings').select('folder_tags').where('owner_id', '=', ownerId).executeTakeFirst();
  return row?.folder_tags ?? false;
}
