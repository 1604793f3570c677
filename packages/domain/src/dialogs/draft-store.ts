import { defineStatement } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';
import { unmarkPeer } from '@aerogram/cluster';

import type { Origin } from '../updates/box-event.ts';
import type { Boxes } from '../updates/box-store.ts';

// `(SELECT …)` keeps from the planner how long the list is, as in `find_send_keys`.
const clearDraftRows = defineStatement<{ owner_id: bigint; peer_id: bigint }>(
  'clear_drafts',
  `UPDATE dialogs d SET draft = NULL, draft_date = $3
     FROM unnest((SELECT $1::bigint[]), $2::bigint[]) AS w (owner_id, peer_id)
    WHERE d.owner_id = w.owner_id AND d.peer_id = w.peer_id AND d.draft IS NOT NULL
   RETURNING d.owner_id, d.peer_id`,
);

const clearAllDraftRows = defineStatement<{ peer_id: bigint }>(
  'clear_all_drafts',
  'UPDATE dialogs SET draft = NULL, draft_date = $2 WHERE owner_id = $1 AND draft IS NOT NULL RETURNING peer_id',
);

/** Takes away all drafts of an owner whose box is open. */
export async function clearAllDrafts(tx: Tx, boxes: Boxes, owner: bigint, origin: Origin | undefined, date: number): Promise<void> {
  const { rows } = await tx.run(clearAllDraftRows, [owner, date]);
  for (const { peer_id: peerId } of rows) logCleared(boxes, owner, peerId, origin, date);
}

/**
 * Takes away the drafts to these peers where there are any, and tells the senders' other devices.
 * Senders' boxes are open.
 */
export async function clearDrafts(
  tx: Tx,
  boxes: Boxes,
  sends: readonly { senderId: bigint; peerId: bigint; origin: Origin | undefined }[],
  date: number,
): Promise<void> {
  if (sends.length === 0) return;
  const { rows } = await tx.run(clearDraftRows, [sends.map((send) => send.senderId), sends.map((send) => send.peerId), date]);
  for (const { owner_id: owner, peer_id: peerId } of rows) {
    const origin = sends.find((send) => send.senderId === owner && send.peerId === peerId)?.origin;
    logCleared(boxes, owner, peerId, origin, date);
  }
}

function logCleared(boxes: Boxes, owner: bigint, peerId: bigint, origin: Origin | undefined, date: number): void {
  boxes.addUpdate(owner, 0, date, origin, () => ({
    _: 'updateDraftMessage',
    peer: unmarkPeer(peerId),
    draft: { _: 'draftMessageEmpty', date },
  }));
}
