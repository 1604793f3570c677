import { defineStatement } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';

const saveTtlRows = defineStatement(
  'save_ttl',
  `INSERT INTO dialogs AS d (owner_id, peer_id, ttl_period) SELECT w.*, $3::integer FROM unnest($1::bigint[], $2::bigint[]) AS w
   ON CONFLICT (owner_id, peer_id) DO UPDATE SET ttl_period = EXCLUDED.ttl_period`,
);

/** A chat as one owner has it. */
export interface DialogPlace {
  ownerId: bigint;
  /** Marked peer id, as in the Bot API: negative for chats and channels. */
  peerId: bigint;
}

/** Writes how long new messages of chats live, in seconds; 0: they stay. Rows that are not there are made. */
export async function saveTtl(tx: Tx, places: readonly DialogPlace[], period: number): Promise<void> {
  await tx.run(saveTtlRows, [places.map(({ ownerId }) => ownerId), places.map(({ peerId }) => peerId), period]);
}
