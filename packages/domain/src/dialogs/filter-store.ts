import { sql } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';

import type { Queries } from '../events/index.ts';
import { PeerSet } from '../peers/index.ts';

/** Lists an owner's folders in order. The list of all chats is included only if the owner has moved it. */
export async function listFilters(q: Queries, ownerId: bigint): Promise<{ id: number; filter: tl.DialogFilter }[]> {
  const rows = await q
    .selectFrom('dialog_filters')
    .select(['filter_id', 'filter'])
    .where('owner_id', '=', ownerId)
    .orderBy('place')
    .orderBy('filter_id')
    .execute();
  // The cast is safe: saveFilter stores only DialogFilter.
  return rows.map((row) => ({ id: row.filter_id, filter: storedDecode(row.filter) as tl.DialogFilter }));
}

/** Whether any folder of the owner explicitly includes or pins this chat. */
export async function isInFolder(q: Queries, ownerId: bigint, peerId: bigint): Promise<boolean> {
  for (const { filter } of await listFilters(q, ownerId)) {
    if (filter._ === 'dialogFilterDefault') continue;
    const peers = new PeerSet();
    for (const peer of [...filter.pinned_peers, ...filter.include_peers]) peers.addObject(peer);
    if (peers.has(peerId)) return true;
  }
  return false;
}

/** Inserts or updates a folder; a new folder goes last. */
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

/**
 * Deletes a folder.
 * @returns whether it existed
 */
export async function removeFilter(tx: Tx, ownerId: bigint, filterId: number): Promise<boolean> {
  const result = await tx.q
    .deleteFrom('dialog_filters')
    .where('owner_id', '=', ownerId)
    .where('filter_id', '=', filterId)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Sets the positions of folders to their order in `filterIds`. */
export async function saveFilterOrder(tx: Tx, ownerId: bigint, filterIds: readonly number[]): Promise<void> {
  await sql`UPDATE dialog_filters SET place = array_position(${[...filterIds]}::integer[], filter_id::integer)
             WHERE owner_id = ${ownerId} AND filter_id = ANY (${[...filterIds]}::integer[])`.execute(tx.q);
}

/** Whether the owner's chat list shows the folder names of each chat. */
export async function findFolderTags(q: Queries, ownerId: bigint): Promise<boolean> {
  const row = await q.selectFrom('chat_settings').select('folder_tags').where('owner_id', '=', ownerId).executeTakeFirst();
  return row?.folder_tags ?? false;
}
