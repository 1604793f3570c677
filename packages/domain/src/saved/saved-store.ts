import { sql } from '@aerogram/storage';

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
