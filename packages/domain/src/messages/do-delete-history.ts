import { rpcError } from '@aerogram/errors';
import type { Random } from '@aerogram/runtime';
import { defineStatement } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';

import { type BoxWriter, MessageFlag, type OpenBoxes, type Origin, packMessageExtra, type SubjectDeps } from '../events/index.ts';
import { otherBoxOf } from '../peers/index.ts';
import { DELETED_SLICE, type DeleteHistoryEffect, tellDeleted } from './delete-effect.ts';
import { type Affected, removeAndLog } from './do-delete-messages.ts';
import { removeMessages } from './message-store.ts';
import { type PersonElsewhere, findElsewhere, placesOf } from './places.ts';

/** Maximum number of messages deleted by one call; the client calls again while `offset` is not 0. */
const SLICE = 500;

export interface HistoryDeletion {
  ownerId: bigint;
  /** Marked peer id, as in the Bot API: negative for chats and channels. */
  peerId: bigint;
  /** Deletes messages up to this id; 0 for all. */
  maxId: number;
  /**
   * Deletes only messages with dates in [minDate, maxDate], in unix seconds; 0 leaves that end open. With either of them set,
   * `messageActionHistoryClear` is neither added nor deleted.
   */
  minDate: number;
  maxDate: number;
  /** Keep the emptied dialog in the list. */
  justClear: boolean;
  /** In Saved Messages: delete only messages saved from this peer. */
  savedPeerId?: bigint;
  /** Also delete from the other side's box, including messages that exist only there. */
  revoke: boolean;
  origin: Origin | undefined;
}

export interface HistoryAffected extends Affected {
  /** Not 0 if messages remain and the client must call again. */
  offset: number;
}

const CLEARED = packMessageExtra({ action: { _: 'messageActionHistoryClear' } });

const listSlice = defineStatement<{ msg_id: number; date: number; flags: number }>(
  'list_history_slice',
  `SELECT msg_id, date, flags FROM messages
    WHERE owner_id = $1 AND peer_id = $2 AND ($3::integer IS NULL OR msg_id <= $3)
      AND ($4 = 0 OR date >= $4) AND ($5 = 0 OR date <= $5)
      AND ($4 = 0 AND $5 = 0 OR flags & ${MessageFlag.historyClear} = 0)
      AND ($7::bigint IS NULL OR saved_peer_id = $7::bigint)
    ORDER BY msg_id DESC LIMIT $6`,
);

const listNewer = defineStatement<{ msg_id: number; global_id: bigint }>(
  'list_newer_messages',
  `SELECT msg_id, global_id FROM messages WHERE owner_id = $1 AND peer_id = $2 AND msg_id > $3 ORDER BY msg_id LIMIT $4`,
);

const findOldestCopy = defineStatement<{ msg_id: number | null }>(
  'find_oldest_copy',
  `SELECT min(msg_id) AS msg_id FROM messages WHERE owner_id = $1 AND global_id = ANY ($2::bigint[])`,
);

/**
 * Deletes the messages of a dialog in slices, newest first. With `revoke`, the other side's copies are deleted too, and finally the
 * messages that only the other side still has. With `justClear`, the last slice adds `messageActionHistoryClear`, so that the dialog keeps
 * a top message (rule P19, complete dialogs). That message is a separate event: it is pushed to the caller too and not counted in the answer.
 * @throws RpcError MESSAGE_ID_INVALID, MIN_DATE_INVALID, MAX_DATE_INVALID
 * @see https://core.telegram.org/method/messages.deleteHistory
 */
export function doDeleteHistory(
  deps: Pick<BoxWriter, 'writeBoxes'> & Pick<SubjectDeps, 'homes'> & { random: Random },
  deletion: HistoryDeletion,
): Promise<HistoryAffected> {
  checkDeletion(deletion);
  const { ownerId, peerId, minDate, maxDate, revoke, origin } = deletion;
  const marksClear = deletion.justClear && minDate === 0 && maxDate === 0;
  const elsewhere = revoke ? findElsewhere(deps.homes, peerId) : undefined;
  const other = revoke && elsewhere === undefined ? otherBoxOf(ownerId, peerId) : undefined;
  return deps.writeBoxes('delete-history', other === undefined ? [ownerId] : [ownerId, other], async (tx, boxes, date) => {
    const places = new Map(other === undefined ? [] : [[peerId, placesOf(ownerId, peerId)]]);
    const removal = { places, keepsDialog: marksClear, origin, date };
    const found = await tx.run(listSlice, [ownerId, peerId, deletion.maxId || null, minDate, maxDate, SLICE + 1, deletion.savedPeerId ?? null]);
    const isCleared = marksClear && found.rows.length === 1 && (found.rows[0]!.flags & MessageFlag.historyClear) !== 0;
    const slice = isCleared ? [] : found.rows.slice(0, SLICE);
    let isMore = found.rows.length > SLICE;

    const removed = await removeMessages(tx, ownerId, slice.map((row) => row.msg_id));
    const ptsCount = await removeAndLog(tx, boxes, { ...removal, ownerId, removed });
    if (elsewhere !== undefined) tellDeleted(boxes, removed, { from: ownerId, date });
    if (elsewhere !== undefined && !isMore) await tellLeft({ tx, boxes, date }, elsewhere, deletion);
    if (other !== undefined && !isMore) isMore = await removeLeft({ tx, boxes, date }, other, deletion);
    const pts = boxes.pts(ownerId);
    if (marksClear && slice.length > 0 && (await isEmpty(tx, ownerId, peerId))) {
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
    return { pts, ptsCount, offset: isMore ? 1 : 0 };
  });
}

function checkDeletion({ maxId, minDate, maxDate }: HistoryDeletion): void {
  if (maxId < 0) throw rpcError('MESSAGE_ID_INVALID');
  if (maxDate < 0) throw rpcError('MAX_DATE_INVALID');
  if (minDate < 0 || (maxDate > 0 && minDate > maxDate)) throw rpcError('MIN_DATE_INVALID');
}

/**
 * Deletes a slice of the messages that only the other side has, because the owner deleted or never received them.
 * @returns whether more remain
 */
async function removeLeft({ tx, boxes, date }: OpenBoxes, other: bigint, deletion: HistoryDeletion): Promise<boolean> {
  const { ownerId, minDate, maxDate } = deletion;
  const maxId = await findLastOfOther(tx, other, deletion);
  const { rows } = await tx.run(listSlice, [other, ownerId, maxId, minDate, maxDate, SLICE + 1, null]);
  const removed = await removeMessages(tx, other, rows.slice(0, SLICE).map((row) => row.msg_id));
  await removeAndLog(tx, boxes, { ownerId: other, removed, places: new Map(), keepsDialog: false, origin: undefined, date });
  return rows.length > SLICE;
}

/** Tells the home of the other person to delete what only they still have. */
async function tellLeft({ tx, boxes, date }: OpenBoxes, { dc, userId: to }: PersonElsewhere, { ownerId, peerId, maxId, minDate, maxDate }: HistoryDeletion): Promise<void> {
  const kept = maxId === 0 ? [] : (await tx.run(listNewer, [ownerId, peerId, maxId, DELETED_SLICE])).rows;
  const keptIds = kept.length === 0 ? undefined : kept.map((row) => row.global_id);
  const effect: DeleteHistoryEffect = { kind: 'delete-history', from: ownerId, to, date, keptIds, minDate, maxDate };
  boxes.tell(dc, effect);
}

/**
 * Translates `maxId`, an id in the owner's box, to the other user's box: messages up to the returned id are deleted there; null deletes
 * the whole dialog. Both boxes have the messages in the same order, so the deletion ends just before the copy of the first message that
 * stays.
 */
async function findLastOfOther(tx: Tx, other: bigint, { ownerId, peerId, maxId }: HistoryDeletion): Promise<number | null> {
  if (maxId === 0) return null;
  for (let after = maxId; ; ) {
    const { rows: newer } = await tx.run(listNewer, [ownerId, peerId, after, SLICE]);
    if (newer.length === 0) return null;
    const { rows: copies } = await tx.run(findOldestCopy, [other, newer.map((row) => row.global_id)]);
    const oldest = copies[0]!.msg_id;
    if (oldest !== null) return oldest - 1;
    after = newer.at(-1)!.msg_id;
  }
}

async function isEmpty(tx: Tx, ownerId: bigint, peerId: bigint): Promise<boolean> {
  const { top_msg_id: topMsgId } = await tx.q
    .selectFrom('dialogs')
    .select('top_msg_id')
    .where('owner_id', '=', ownerId)
    .where('peer_id', '=', peerId)
    .executeTakeFirstOrThrow();
  return topMsgId === 0;
}
