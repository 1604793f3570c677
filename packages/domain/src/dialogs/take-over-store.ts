import { defineStatement, sql, type Tx } from '@aerogram/storage';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';
import type { tl } from '@aerogram/tl';

/** Two dialogs of the same owners, by marked peer id: a basic group, and the supergroup that takes its place. */
export interface Succession {
  fromPeerId: bigint;
  toPeerId: bigint;
}

/** What the new dialog of one owner has taken over. */
export interface TakenOver {
  ownerId: bigint;
  folderId: number;
  wasPinned: boolean;
}

const takePlace = defineStatement<{ owner_id: bigint; folder_id: number; was_pinned: boolean }>(
  'take_place_of_dialog',
  `WITH old AS (
     SELECT owner_id, folder_id, pinned_order FROM dialogs WHERE owner_id = ANY ($1::bigint[]) AND peer_id = $2
   ), unpinned AS (
     UPDATE dialogs d SET pinned_order = 0 FROM old WHERE d.owner_id = old.owner_id AND d.peer_id = $2 AND d.pinned_order > 0
   )
   UPDATE dialogs d SET folder_id = old.folder_id, pinned_order = old.pinned_order
     FROM old WHERE d.owner_id = old.owner_id AND d.peer_id = $3
   RETURNING d.owner_id, d.folder_id, d.pinned_order > 0 AS was_pinned`,
);

/**
 * Gives new dialogs the folder and the pin of the old ones. The old ones lose their pin. The boxes of the owners must be
 * locked, and the new dialogs must exist.
 */
export async function takeOverDialogs(tx: Tx, ownerIds: readonly bigint[], { fromPeerId, toPeerId }: Succession): Promise<TakenOver[]> {
  const { rows } = await tx.run(takePlace, [ownerIds, fromPeerId, toPeerId]);
  return rows.map((row) => ({ ownerId: row.owner_id, folderId: row.folder_id, wasPinned: row.was_pinned }));
}

/** A chat folder in which a chat was replaced. */
export interface ChangedFilter {
  ownerId: bigint;
  id: number;
  filter: tl.DialogFilter;
}

/**
 * Replaces a basic group in the chat folders of these owners, whose boxes must be locked.
 * @param chatId as TL has it, not marked
 * @param inputOf how an owner refers to what takes its place
 */
export async function replaceInFilters(tx: Tx, ownerIds: readonly bigint[], chatId: bigint, inputOf: (ownerId: bigint) => tl.InputPeer): Promise<ChangedFilter[]> {
  const rows = await tx.q
    .selectFrom('dialog_filters')
    .select(['owner_id', 'filter_id', 'filter'])
    .where('owner_id', '=', sql<bigint>`ANY (${[...ownerIds]}::bigint[])`)
    .orderBy('owner_id')
    .orderBy('filter_id')
    .execute();
  const changed: ChangedFilter[] = [];
  for (const { owner_id: ownerId, filter_id: id, filter: bytes } of rows) {
    // The cast is safe: only DialogFilter is stored in this column.
    const filter = replaced(storedDecode(bytes) as tl.DialogFilter, chatId, inputOf(ownerId));
    if (filter === undefined) continue;
    await tx.q.updateTable('dialog_filters').set({ filter: storedEncode(filter) }).where('owner_id', '=', ownerId).where('filter_id', '=', id).execute();
    changed.push({ ownerId, id, filter });
  }
  return changed;
}

/** The folder with another peer in place of a basic group; undefined if it does not name the group. */
function replaced(filter: tl.DialogFilter, chatId: bigint, input: tl.InputPeer): tl.DialogFilter | undefined {
  if (filter._ === 'dialogFilterDefault') return undefined;
  const isOld = (peer: tl.InputPeer): boolean => peer._ === 'inputPeerChat' && peer.chat_id === chatId;
  const swap = (peers: readonly tl.InputPeer[]): tl.InputPeer[] => peers.map((peer) => (isOld(peer) ? input : peer));
  const lists = { pinned_peers: filter.pinned_peers, include_peers: filter.include_peers, exclude_peers: filter._ === 'dialogFilter' ? filter.exclude_peers : [] };
  if (!Object.values(lists).flat().some(isOld)) return undefined;
  const swapped = { ...filter, pinned_peers: swap(lists.pinned_peers), include_peers: swap(lists.include_peers) };
  return swapped._ === 'dialogFilter' ? { ...swapped, exclude_peers: swap(lists.exclude_peers) } : swapped;
}
