import { unmarkPeer } from '@aerogram/cluster';
import { defineStatement } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';

import { saveReadInbox, saveReadOutbox } from '../dialogs/index.ts';
import { type BoxWriter, dropSuperseded, type OpenBoxes, type Origin } from '../events/index.ts';
import { boxesOfDialog, otherBoxOf } from '../peers/index.ts';
import type { Affected } from './do-delete-messages.ts';
import { insertReadDate } from './read-date-store.ts';

export interface Reading {
  ownerId: bigint;
  /** Marked peer id, as in the Bot API: negative for chats and channels. */
  peerId: bigint;
  /** Marks incoming messages up to this id as read; 0 for all. */
  maxId: number;
  origin: Origin | undefined;
}

interface DialogMarks {
  top_msg_id: number;
  read_inbox_max_id: number;
  read_inbox_pts: number;
}

// The newest of the messages just read whose author still has a copy.
const findReadCopy = defineStatement<{ msg_id: number; read_outbox_max_id: number; read_outbox_pts: number }>(
  'find_read_copy',
  `SELECT p.msg_id, d.read_outbox_max_id, d.read_outbox_pts
     FROM messages r
     JOIN messages p ON p.owner_id = r.peer_id AND p.global_id = r.global_id
     JOIN dialogs d ON d.owner_id = r.peer_id AND d.peer_id = r.owner_id
    WHERE r.owner_id = $1 AND r.peer_id = $2 AND r.msg_id > $3 AND r.msg_id <= $4 AND r.flags & 1 = 0
    ORDER BY r.msg_id DESC LIMIT 1`,
);

/**
 * Advances the read mark of a private chat and sends updateReadHistoryInbox to the owner's other devices and updateReadHistoryOutbox, with
 * the peer's own message ids, to the peer. A read mark never moves back: a lower id writes nothing and returns `ptsCount` 0.
 */
export async function doReadHistory(deps: Pick<BoxWriter, 'writeBoxes'>, reading: Reading): Promise<Affected> {
  const { ownerId, peerId } = reading;
  return deps.writeBoxes('read-history', boxesOfDialog(ownerId, peerId), async (tx, boxes, date) => {
    const marks = await findMarks(tx, ownerId, peerId);
    const maxId = Math.min(reading.maxId > 0 ? reading.maxId : Infinity, marks?.top_msg_id ?? 0);
    if (marks === undefined || maxId <= marks.read_inbox_max_id) return { pts: boxes.pts(ownerId), ptsCount: 0 };

    const unread = await saveReadInbox(tx, { owner: ownerId, peerId, maxId, pts: boxes.pts(ownerId) + 1 });
    dropSuperseded(tx, ownerId, marks.read_inbox_pts);
    const pts = boxes.addUpdate(ownerId, { ptsCount: 1, date, origin: reading.origin }, (at) => ({
      _: 'updateReadHistoryInbox',
      peer: unmarkPeer(peerId),
      max_id: maxId,
      still_unread_count: unread,
      pts: at,
      pts_count: 1,
    }));
    if (otherBoxOf(ownerId, peerId) !== undefined) await markOutbox({ tx, boxes, date }, reading, marks.read_inbox_max_id, maxId);
    return { pts, ptsCount: 1 };
  });
}

async function findMarks(tx: Tx, ownerId: bigint, peerId: bigint): Promise<DialogMarks | undefined> {
  return tx.q
    .selectFrom('dialogs')
    .select(['top_msg_id', 'read_inbox_max_id', 'read_inbox_pts'])
    .where('owner_id', '=', ownerId)
    .where('peer_id', '=', peerId)
    .executeTakeFirst();
}

async function markOutbox({ tx, boxes, date }: OpenBoxes, { ownerId, peerId }: Reading, readBefore: number, maxId: number): Promise<void> {
  const { rows } = await tx.run(findReadCopy, [ownerId, peerId, readBefore, maxId]);
  const copy = rows[0];
  if (copy === undefined || copy.msg_id <= copy.read_outbox_max_id) return;
  dropSuperseded(tx, peerId, copy.read_outbox_pts);
  const at = boxes.addUpdate(peerId, { ptsCount: 1, date, origin: undefined }, (pts) => ({
    _: 'updateReadHistoryOutbox',
    peer: unmarkPeer(ownerId),
    max_id: copy.msg_id,
    pts,
    pts_count: 1,
  }));
  saveReadOutbox(tx, { owner: peerId, peerId: ownerId, maxId: copy.msg_id, pts: at });
  insertReadDate(tx, { owner: peerId, peerId: ownerId, maxId: copy.msg_id, date });
}
