import type { Tx } from '@aerogram/storage';

/** Hides the action bar above a chat. */
export async function insertHiddenBar(tx: Tx, ownerId: bigint, peerId: bigint, date: number): Promise<void> {
  await tx.q
    .insertInto('hidden_peer_bars')
    .values({ owner_id: ownerId, peer_id: peerId, hidden_date: date })
    .onConflict((oc) => oc.columns(['owner_id', 'peer_id']).doNothing())
    .execute();
}
