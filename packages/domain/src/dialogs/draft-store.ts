import { defineStatement } from '@aerogram/storage';
import type { Database, Tx } from '@aerogram/storage';
import { unmarkPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';
import { storedDecode } from '@aerogram/tl-compat';

import type { Boxes, OpenBoxes, Origin } from '../events/index.ts';

/**
 * Maximum size of a stored draft in bytes. `saveDraft` accepts only smaller ones. Older versions could store larger drafts; those are not
 * read.
 */
export const DRAFT_MAX_BYTES = 40 * 1024;

interface DraftRow {
  peer_id: bigint;
  draft: Uint8Array;
}

/** A stored draft and its size in bytes. */
export interface FoundDraft {
  draft: tl.draftMessage;
  bytes: number;
}

const readDrafts = defineStatement<DraftRow>(
  'read_drafts',
  `SELECT peer_id, draft FROM dialogs WHERE owner_id = $1 AND peer_id = ANY ($2::bigint[]) AND octet_length(draft) <= ${DRAFT_MAX_BYTES}`,
);

const readNewestDrafts = defineStatement<DraftRow>(
  'read_newest_drafts',
  `SELECT peer_id, draft FROM (
     SELECT peer_id, draft, sum(octet_length(draft)) OVER (ORDER BY draft_date DESC, peer_id) AS bytes
       FROM dialogs WHERE owner_id = $1 AND octet_length(draft) <= ${DRAFT_MAX_BYTES}) AS newest
    WHERE bytes <= $2`,
);

/** Finds the drafts for these peers, by peer. Peers without a draft are left out. */
export async function findDrafts(db: Pick<Database, 'run'>, ownerId: bigint, peerIds: readonly bigint[]): Promise<Map<bigint, FoundDraft>> {
  if (peerIds.length === 0) return new Map();
  const { rows } = await db.run(readDrafts, [ownerId, peerIds]);
  return new Map(rows.map((row) => [row.peer_id, openDraft(row)]));
}

/** Lists the newest drafts of an owner that fit into `bytes`. Clients get the older ones with their dialogs. */
export async function listNewestDrafts(db: Pick<Database, 'run'>, ownerId: bigint, bytes: number): Promise<Map<bigint, FoundDraft>> {
  const { rows } = await db.run(readNewestDrafts, [ownerId, bytes]);
  return new Map(rows.map((row) => [row.peer_id, openDraft(row)]));
}

function openDraft({ draft }: DraftRow): FoundDraft {
  // The cast is safe: saveDraftBytes stores only draftMessage.
  return { draft: storedDecode(draft) as tl.draftMessage, bytes: draft.length };
}

// `(SELECT …)` hides the length of the list from the planner, as in `find_send_keys`.
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

/** Deletes all drafts of an owner, whose box must be open. */
export async function clearAllDrafts({ tx, boxes, date }: OpenBoxes, owner: bigint, origin: Origin | undefined): Promise<void> {
  const { rows } = await tx.run(clearAllDraftRows, [owner, date]);
  for (const { peer_id: peerId } of rows) logCleared(boxes, { owner, peerId }, origin, date);
}

/** Deletes the drafts for these peers, if any, and sends updates to the senders' other devices. The senders' boxes must be open. */
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
    logCleared(boxes, { owner, peerId }, origin, date);
  }
}

function logCleared(boxes: Boxes, { owner, peerId }: { owner: bigint; peerId: bigint }, origin: Origin | undefined, date: number): void {
  boxes.addUpdate(owner, { ptsCount: 0, date, origin }, () => ({
    _: 'updateDraftMessage',
    peer: unmarkPeer(peerId),
    draft: { _: 'draftMessageEmpty', date },
  }));
}
