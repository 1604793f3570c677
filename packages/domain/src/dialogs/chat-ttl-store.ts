import { defineStatement } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';

const saveTtlRows = defineStatement(
  'save_ttl',
  `INSERT INTO dialogs AS d (owner_id, peer_id, ttl_period) SELECT w.*, $3::integer FROM unnest($1::bigint[], $2::bigint[]) AS w
   ON CONFLICT (owner_id, peer_id) DO UPDATE SET ttl_period = EXCLUDED.ttl_period`,
);

/** A dialog of one owner. */
export interface DialogPlace {
  ownerId: bigint;
  /** Marked peer id, as in the Bot API: negative for chats and channels. */
  peerId: bigint;
}

/**
 * Sets the lifetime of new messages in dialogs. Missing dialog rows are created.
 * @param period seconds; 0 for no limit
 */
export async function saveTtl(tx: Tx, places: readonly DialogPlace[], period: number): Promise<void> {
  await tx.run(saveTtlRows, [places.map(({ ownerId }) => ownerId), places.map(({ peerId }) => peerId), period]);
}
