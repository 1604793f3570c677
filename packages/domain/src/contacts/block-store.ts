import type { Tx } from '@aerogram/storage';

import type { Queries } from '../events/index.ts';

/** A block list: of peers blocked completely, or of peers blocked from stories only. */
export interface BlockList {
  ownerId: bigint;
  storiesOnly: boolean;
}

/** Adds peers to a block list. Idempotent. */
export async function insertBlocks(tx: Tx, { ownerId, storiesOnly }: BlockList, ids: readonly bigint[], date: number): Promise<void> {
  await tx.q
    .insertInto('blocked_peers')
    .values(ids.map((peer_id) => ({ owner_id: ownerId, peer_id, stories_only: storiesOnly, created_date: date })))
    .onConflict((oc) => oc.columns(['owner_id', 'peer_id', 'stories_only']).doNothing())
    .execute();
}

/** Removes peers from a block list. */
export async function deleteBlocks(tx: Tx, { ownerId, storiesOnly }: BlockList, ids: readonly bigint[]): Promise<void> {
  await tx.q.deleteFrom('blocked_peers').where('owner_id', '=', ownerId).where('stories_only', '=', storiesOnly).where('peer_id', 'in', ids).execute();
}

/** Those of some peers, by their marked ids, that somebody has blocked completely. */
export async function findBlocked(q: Queries, ownerId: bigint, peerIds: readonly bigint[]): Promise<Set<bigint>> {
  const rows = await q.selectFrom('blocked_peers').select('peer_id').where('owner_id', '=', ownerId).where('peer_id', 'in', [...peerIds]).where('stories_only', '=', false).execute();
  return new Set(rows.map((row) => row.peer_id));
}
