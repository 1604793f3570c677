import type { Tx } from '@aerogram/storage';

import type { Queries } from '../events/index.ts';

/** Lists the pinned dialogs of Saved Messages, top first. */
export async function listSavedPins(q: Queries, ownerId: bigint): Promise<bigint[]> {
  const rows = await q.selectFrom('saved_pins').select('peer_id').where('owner_id', '=', ownerId).orderBy('place').execute();
  return rows.map((row) => row.peer_id);
}

/** Finds those of the given peers from which the owner has saved messages. */
export async function findSavedPeers(q: Queries, ownerId: bigint, peerIds: readonly bigint[]): Promise<Set<bigint>> {
  if (peerIds.length === 0) return new Set();
  const rows = await q
    .selectFrom('messages')
    .select('saved_peer_id')
    .distinct()
    .where('owner_id', '=', ownerId)
    .where('peer_id', '=', ownerId)
    .where('saved_peer_id', 'in', peerIds)
    .execute();
  return new Set(rows.map((row) => row.saved_peer_id!));
}

/**
 * Unpins the dialogs of Saved Messages that have no messages left. They are not in the list, so the owner could not unpin them.
 * @returns the peers that were unpinned
 */
export async function dropEmptySavedPins(tx: Tx, ownerId: bigint): Promise<bigint[]> {
  const pins = await listSavedPins(tx.q, ownerId);
  const filled = await findSavedPeers(tx.q, ownerId, pins);
  const empty = pins.filter((peerId) => !filled.has(peerId));
  if (empty.length > 0) await tx.q.deleteFrom('saved_pins').where('owner_id', '=', ownerId).where('peer_id', 'in', empty).execute();
  return empty;
}

/** Replaces the pinned dialogs of Saved Messages, top first. */
export async function saveSavedPins(tx: Tx, ownerId: bigint, peerIds: readonly bigint[]): Promise<void> {
  await tx.q.deleteFrom('saved_pins').where('owner_id', '=', ownerId).execute();
  if (peerIds.length === 0) return;
  await tx.q
    .insertInto('saved_pins')
    .values(peerIds.map((peerId, place) => ({ owner_id: ownerId, peer_id: peerId, place })))
    .execute();
}
