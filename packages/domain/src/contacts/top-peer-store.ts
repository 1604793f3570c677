import type { Tables, Tx } from '@aerogram/storage';
import type { Insertable } from 'kysely';

/** Writes when the rating of a frequent contact was reset. */
export async function saveTopPeerReset(tx: Tx, row: Insertable<Tables['top_peer_resets']>): Promise<void> {
  await tx.q
    .insertInto('top_peer_resets')
    .values(row)
    .onConflict((oc) => oc.columns(['owner_id', 'category', 'peer_id']).doUpdateSet({ reset_date: row.reset_date }))
    .execute();
}
