import { defineStatement, type Tx } from '@aerogram/storage';

import { PROTECTED_BY } from '../dialogs/index.ts';
import type { Place } from '../messages/index.ts';

const saveProtected = defineStatement(
  'save_protected',
  `INSERT INTO dialogs (owner_id, peer_id, protected_by) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::smallint[])
   ON CONFLICT (owner_id, peer_id) DO UPDATE SET protected_by = EXCLUDED.protected_by`,
);

/**
 * Writes who protects a chat to the dialogs of both sides.
 * @param by bits of PROTECTED_BY, from the caller's side
 */
export async function saveProtectedBy(tx: Tx, places: readonly Place[], by: number): Promise<void> {
  const mirrored = ((by & PROTECTED_BY.owner) === 0 ? 0 : PROTECTED_BY.peer) | ((by & PROTECTED_BY.peer) === 0 ? 0 : PROTECTED_BY.owner);
  await tx.run(saveProtected, [
    places.map(({ ownerId }) => ownerId),
    places.map(({ peerId }) => peerId),
    places.map(({ isOwn }) => (isOwn ? by : mirrored)),
  ]);
}
