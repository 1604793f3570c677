import { sql } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';

import type { Queries } from '../events/index.ts';

/** A dialog of Saved Messages: the messages that were saved from one peer. */
export interface SavedDialogRow {
  /** Marked peer id; the owner's id for the owner's own notes. */
  peerId: bigint;
  topMsgId: number;
}

/** Lists the dialogs of Saved Messages, most recent message first. Reads all of Saved Messages. */
export async function listSavedDialogs(q: Queries, ownerId: bigint): Promise<SavedDialogRow[]> {
  const rows = await q
    .selectFrom('messages')
    .select(['saved_peer_id', sql<number>`max(msg_id)`.as('top_msg_id')])
    .where('owner_id', '=', ownerId)
    .where('peer_id', '=', ownerId)
    .where('saved_peer_id', 'is not', null)
    .groupBy('saved_peer_id')
    .orderBy('top_msg_id', 'desc')
    .execute();
  return rows.map((row) => ({ peerId: row.saved_peer_id!, topMsgId: row.top_msg_id }));
}

/** Counts the messages that an owner saved from a peer. */
export async function countSaved(q: Queries, ownerId: bigint, savedPeerId: bigint): Promise<number> {
  const { count } = await q
    .selectFrom('messages')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('owner_id', '=', ownerId)
    .where('peer_id', '=', ownerId)
    .where('saved_peer_id', '=', savedPeerId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Lists the pinned dialogs of Saved Messages, top first. */
export async function listSavedPins(q: Queries, ownerId: bigint): Promise<bigint[]> {
  const rows = await q.selectFrom('saved_pins').select('peer_id').where('owner_id', '=', ownerId).orderBy('place').execute();
  return rows.map((row) => row.peer_id);
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
