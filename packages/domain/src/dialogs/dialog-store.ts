import { defineStatement } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';

/**
 * What a dialog lost when its last message was deleted. No message update implies these changes, so they are sent to the owner's devices
 * separately.
 */
export interface DialogLoss {
  folder_id: number;
  unpinned: boolean;
  unmarked: boolean;
}

const subtractRemoved = defineStatement<DialogLoss>(
  'subtract_from_dialog',
  `UPDATE dialogs d
      SET msg_count = d.msg_count - $3::integer,
          unread_count = (SELECT count(*) FROM messages m WHERE m.owner_id = $1 AND m.peer_id = $2
                             AND m.msg_id > d.read_inbox_max_id AND m.flags & 1 = 0 AND d.owner_id <> d.peer_id),
          top_msg_id = COALESCE(t.msg_id, 0), top_date = COALESCE(t.date, 0),
          pinned_order = CASE WHEN t.msg_id IS NULL AND NOT $4::bool THEN 0 ELSE d.pinned_order END,
          unread_mark = d.unread_mark AND (t.msg_id IS NOT NULL OR $4::bool)
     FROM (SELECT pinned_order, unread_mark FROM dialogs WHERE owner_id = $1 AND peer_id = $2) AS was LEFT JOIN LATERAL
          (SELECT m.msg_id, m.date FROM messages m WHERE m.owner_id = $1 AND m.peer_id = $2 ORDER BY m.msg_id DESC LIMIT 1) t ON true
    WHERE d.owner_id = $1 AND d.peer_id = $2
   RETURNING d.folder_id, was.pinned_order > 0 AND d.pinned_order = 0 AS unpinned, was.unread_mark AND NOT d.unread_mark AS unmarked`,
);

const moveReadInbox = defineStatement<{ unread_count: number }>(
  'move_read_inbox',
  `UPDATE dialogs d
      SET read_inbox_max_id = $3::integer, read_inbox_pts = $4::integer,
          unread_count = (SELECT count(*) FROM messages m WHERE m.owner_id = $1 AND m.peer_id = $2
                             AND m.msg_id > $3::integer AND m.flags & 1 = 0)
    WHERE d.owner_id = $1 AND d.peer_id = $2
   RETURNING unread_count`,
);

const moveReadOutbox = defineStatement(
  'move_read_outbox',
  `UPDATE dialogs SET read_outbox_max_id = $3, read_outbox_pts = $4 WHERE owner_id = $1 AND peer_id = $2`,
);

const movePinned = defineStatement(
  'move_pinned_dialogs',
  `UPDATE dialogs d
      SET pinned_order = COALESCE(cardinality($3::bigint[]) + 1 - array_position($3::bigint[], d.peer_id), 0)
    WHERE d.owner_id = $1 AND d.folder_id = $2 AND (d.pinned_order > 0 OR d.peer_id = ANY ($3::bigint[]))`,
);

/**
 * Updates a dialog's counters and top message after `removed` of its messages were deleted. An empty dialog disappears from the list and
 * loses its pin and unread mark, unless `keepsDialog` is set.
 * @returns what the dialog lost; undefined if it does not exist
 */
export async function subtractFromDialog(
  tx: Tx,
  owner: bigint,
  peerId: bigint,
  { removed, keepsDialog }: { removed: number; keepsDialog: boolean },
): Promise<DialogLoss | undefined> {
  const { rows } = await tx.run(subtractRemoved, [owner, peerId, removed, keepsDialog]);
  return rows[0];
}

/** The new position of a read mark, and the pts of the event that announces it. */
export interface MarkMove {
  owner: bigint;
  /** Marked peer id, as in the Bot API: negative for chats and channels. */
  peerId: bigint;
  maxId: number;
  pts: number;
}

/**
 * Moves the read mark for incoming messages.
 * @returns the number of messages that remain unread
 */
export async function saveReadInbox(tx: Tx, { owner, peerId, maxId, pts }: MarkMove): Promise<number> {
  const { rows } = await tx.run(moveReadInbox, [owner, peerId, maxId, pts]);
  return rows[0]?.unread_count ?? 0;
}

/** Moves the read mark for outgoing messages, which the peer has read. Sent together with the COMMIT. */
export function saveReadOutbox(tx: Tx, { owner, peerId, maxId, pts }: MarkMove): void {
  tx.runLast(moveReadOutbox, [owner, peerId, maxId, pts]);
}

/**
 * Sets or clears the unread mark that the owner put on a dialog.
 * @returns whether it changed
 */
export async function saveUnreadMark(tx: Tx, owner: bigint, peerId: bigint, unread: boolean): Promise<boolean> {
  const result = await tx.q
    .updateTable('dialogs')
    .set({ unread_mark: unread })
    .where('owner_id', '=', owner)
    .where('peer_id', '=', peerId)
    .where('unread_mark', '<>', unread)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Writes the order of the pinned dialogs of a folder, top first. Dialogs not in `peerIds` are unpinned. */
export async function savePinnedOrder(tx: Tx, owner: bigint, folderId: number, peerIds: readonly bigint[]): Promise<void> {
  await tx.run(movePinned, [owner, folderId, peerIds]);
}

/** Moves a dialog to the main list (0) or the archive (1) and unpins it. Creates the dialog's row if it does not exist. */
export async function saveFolder(tx: Tx, owner: bigint, peerId: bigint, folderId: number): Promise<void> {
  await tx.q
    .insertInto('dialogs')
    .values({ owner_id: owner, peer_id: peerId, folder_id: folderId, draft: null })
    .onConflict((conflict) => conflict.columns(['owner_id', 'peer_id']).doUpdateSet({ folder_id: folderId, pinned_order: 0 }))
    .execute();
}

/** Writes the draft of a dialog and creates the dialog's row if it does not exist. Null deletes the draft. */
export async function saveDraftBytes(tx: Tx, { owner, peerId }: { owner: bigint; peerId: bigint }, draft: Uint8Array | null, date: number): Promise<void> {
  await tx.q
    .insertInto('dialogs')
    .values({ owner_id: owner, peer_id: peerId, draft, draft_date: date })
    .onConflict((oc) => oc.columns(['owner_id', 'peer_id']).doUpdateSet({ draft, draft_date: date }))
    .execute();
}
