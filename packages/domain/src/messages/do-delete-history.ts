import type { Bus } from '@aerogram/bus';
import type { Clock, Random } from '@aerogram/runtime';
import { defineStatement } from '@aerogram/storage';
import type { Database } from '@aerogram/storage';

import { boxesOfDialog } from '../peers/boxes-of-dialog.ts';
import type { Origin } from '../updates/box-event.ts';
import { Boxes } from '../updates/box-store.ts';
import { removeAndLog } from './do-delete-messages.ts';
import type { Affected } from './do-delete-messages.ts';
import { packMessageExtra } from './message-extra.ts';
import { MessageFlag } from './message-row.ts';
import { removeMessages } from './message-store.ts';

/** Messages removed by one call; the client calls again while `offset` is not 0. */
const SLICE = 500;

export interface HistoryDeletion {
  ownerId: bigint;
  /** Marked. */
  peerId: bigint;
  /** Up to this id; 0 means all. */
  maxId: number;
  /** Only messages of this span; 0 is open. A span never leaves a mark of clearing. */
  minDate: number;
  maxDate: number;
  /** Keep the dialog in the list, empty. */
  justClear: boolean;
  /** Of Saved Messages: only what came from this peer. */
  savedPeerId?: bigint;
  /** For the other side too. */
  revoke: boolean;
  origin: Origin | undefined;
}

export interface HistoryAffected extends Affected {
  /** Not 0: there is more, call again. */
  offset: number;
}

const CLEARED = packMessageExtra({ action: { _: 'messageActionHistoryClear' } });

const listSlice = defineStatement<{ msg_id: number; date: number; flags: number }>(
  'list_history_slice',
  `SELECT msg_id, date, flags FROM messages
    WHERE owner_id = $1 AND peer_id = $2 AND ($3 = 0 OR msg_id <= $3)
      AND ($4 = 0 OR date >= $4) AND ($5 = 0 OR date <= $5)
      AND ($7::bigint IS NULL OR saved_peer_id = $7::bigint)
    ORDER BY msg_id DESC LIMIT $6`,
);

/**
 * Deletes a dialog's messages, newest first, in slices. The last slice of a mere clearing leaves
 * `messageActionHistoryClear`, so that the dialog keeps a top message (PROTOCOL-RULES 19); it is an event of its own,
 * pushed to the caller too, and not counted in the answer.
 */
export function doDeleteHistory(
  deps: { db: Database; bus: Bus; clock: Clock; random: Random },
  deletion: HistoryDeletion,
): Promise<HistoryAffected> {
  const { ownerId, peerId, maxId, minDate, maxDate, revoke, origin } = deletion;
  const marksClear = deletion.justClear && minDate === 0 && maxDate === 0;
  return deps.db.transact('delete-history', async (tx) => {
    const boxes = await Boxes.open(tx, deps.bus, revoke ? boxesOfDialog(ownerId, peerId) : [ownerId]);
    const { rows } = await tx.run(listSlice, [ownerId, peerId, maxId, minDate, maxDate, SLICE + 1, deletion.savedPeerId ?? null]);
    const slice = rows.slice(0, SLICE);
    const isMore = rows.length > SLICE;
    const isCleared = marksClear && slice.length === 1 && (slice[0]!.flags & MessageFlag.historyClear) !== 0;
    if (slice.length === 0 || isCleared) return { pts: boxes.pts(ownerId), ptsCount: 0, offset: 0 };

    const removed = await removeMessages(tx, ownerId, slice.map((row) => row.msg_id));
    const ptsCount = await removeAndLog(tx, boxes, {
      ownerId,
      removed,
      revoke,
      keepsDialog: marksClear,
      origin,
      date: deps.clock.now(),
    });
    const pts = boxes.pts(ownerId);
    const { top_msg_id: topMsgId } = await tx.q
      .selectFrom('dialogs')
      .select('top_msg_id')
      .where('owner_id', '=', ownerId)
      .where('peer_id', '=', peerId)
      .executeTakeFirstOrThrow();
    if (marksClear && topMsgId === 0) {
      boxes.addMessage(
        ownerId,
        {
          global_id: deps.random.int63(),
          peer_id: peerId,
          from_id: ownerId,
          saved_peer_id: ownerId === peerId ? ownerId : null,
          date: slice[0]!.date,
          edit_date: null,
          flags: MessageFlag.service | MessageFlag.historyClear | MessageFlag.out,
          reply_to_msg_id: null,
          text: '',
          extra: CLEARED,
        },
        undefined,
      );
    }
    boxes.flush();
    return { pts, ptsCount, offset: isMore ? 1 : 0 };
  });
}
