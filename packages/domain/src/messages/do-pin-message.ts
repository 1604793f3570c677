import { unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Random } from '@aerogram/runtime';
import { sql } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';

import { type BoxWriter, hasFlag, MessageFlag, type MessageRow, type OpenBoxes, type Origin, packMessageExtra } from '../events/index.ts';
import { boxesOfDialog, otherBoxOf } from '../peers/index.ts';
import { addNotice } from './add-notice.ts';
import { placesOf } from './arrival-terms.ts';
import type { HistoryAffected } from './do-delete-history.ts';
import { findCopy, findMessage } from './find-messages.ts';
import { listPins, savePins } from './pin-store.ts';

/** Maximum number of messages unpinned by one call; the client calls again while `offset` is not 0. */
const SLICE = 500;

const PIN_ACTION = packMessageExtra({ action: { _: 'messageActionPinMessage' } });

export interface Pinning {
  ownerId: bigint;
  /** Marked peer id, as in the Bot API: negative for chats and channels. */
  peerId: bigint;
  msgId: number;
  pinned: boolean;
  /** Change only the owner's copy and add no service message. */
  oneSide: boolean;
  silent: boolean;
  origin: Origin | undefined;
}

/** The result of a pin or unpin in the caller's box. */
export interface PinOutcome {
  /** pts of the change; undefined if the message was already in that state. */
  pts: number | undefined;
  /** The caller's copy of the service message "… pinned a message". */
  notice: MessageRow | undefined;
}

export interface UnpinAllInput {
  ownerId: bigint;
  /** Marked peer id, as in the Bot API: negative for chats and channels. */
  peerId: bigint;
  /** Unpin only the owner's copies. */
  oneSide: boolean;
  origin: Origin | undefined;
}

type PinDeps = Pick<BoxWriter, 'writeBoxes'> & { random: Random };

/**
 * Pins or unpins a message in both boxes, or with `oneSide` in one. Pinning for both sides adds a service message to the chat, except in
 * Saved Messages.
 * @throws RpcError MESSAGE_ID_INVALID
 */
export function doPinMessage(deps: PinDeps, pinning: Pinning): Promise<PinOutcome> {
  const { ownerId, peerId, pinned, oneSide, origin } = pinning;
  const other = oneSide ? undefined : otherBoxOf(ownerId, peerId);
  return deps.writeBoxes('pin-message', boxesOfDialog(ownerId, peerId), async (tx, boxes, date) => {
    const own = await findMessage(tx.q, ownerId, pinning.msgId);
    if (own === undefined || own.peer_id !== peerId || hasFlag(own, MessageFlag.service)) throw rpcError('MESSAGE_ID_INVALID');
    const copy = other === undefined ? undefined : await findCopy(tx.q, other, own.global_id);
    const pts = isPinned(own) === pinned ? undefined : await pinRows({ tx, boxes, date }, [own], pinned, origin);
    const isCopyNew = copy !== undefined && isPinned(copy) !== pinned;
    if (isCopyNew) await pinRows({ tx, boxes, date }, [copy], pinned, undefined);
    const saysSo = pinned && other !== undefined && (pts !== undefined || isCopyNew);
    const notice = saysSo ? await sayPinned({ tx, boxes, date }, deps.random, [own, copy], pinning) : undefined;
    return { pts, notice };
  });
}

/** Unpins all messages of a dialog in slices, in both boxes or in one. A repeat finds none and returns `ptsCount` 0. */
export function doUnpinAll(deps: PinDeps, { ownerId, peerId, oneSide, origin }: UnpinAllInput): Promise<HistoryAffected> {
  const other = oneSide ? undefined : otherBoxOf(ownerId, peerId);
  return deps.writeBoxes('unpin-all', boxesOfDialog(ownerId, peerId), async (tx, boxes, date) => {
    const pins = await listPins(tx.q, ownerId, peerId, SLICE + 1);
    const slice = pins.slice(0, SLICE);
    if (slice.length === 0) return { pts: boxes.pts(ownerId), ptsCount: 0, offset: 0 };
    const ids = slice.map((pin) => pin.msg_id);
    const pts = await pinRows({ tx, boxes, date }, slice.map((pin) => ({ owner_id: ownerId, peer_id: peerId, msg_id: pin.msg_id })), false, origin);
    if (other !== undefined) {
      const copies = await findPinnedCopies(tx, other, ownerId, slice.map((pin) => pin.global_id));
      if (copies.length > 0) await pinRows({ tx, boxes, date }, copies, false, undefined);
    }
    return { pts, ptsCount: ids.length, offset: pins.length > SLICE ? 1 : 0 };
  });
}

function isPinned(row: MessageRow): boolean {
  return hasFlag(row, MessageFlag.pinned);
}

type Place = Pick<MessageRow, 'owner_id' | 'peer_id' | 'msg_id'>;

async function findPinnedCopies(tx: Tx, owner: bigint, peerId: bigint, globalIds: readonly bigint[]): Promise<Place[]> {
  return tx.q
    .selectFrom('messages')
    .select(['owner_id', 'peer_id', 'msg_id'])
    .where('owner_id', '=', owner)
    .where('peer_id', '=', peerId)
    .where('global_id', '=', sql<bigint>`ANY (${[...globalIds]}::bigint[])`)
    .where(sql<boolean>`flags & ${sql.lit(MessageFlag.pinned)} <> 0`)
    .execute();
}

/**
 * Pins or unpins messages of one dialog in one box and logs the change.
 * @returns the pts of the event
 */
async function pinRows({ tx, boxes, date }: OpenBoxes, rows: readonly Place[], pinned: boolean, origin: Origin | undefined): Promise<number> {
  const { owner_id: owner, peer_id: peerId } = rows[0]!;
  const messages = rows.map((row) => row.msg_id);
  await savePins(tx, { owner, peerId }, messages, pinned);
  return boxes.addUpdate(owner, { ptsCount: messages.length, date, origin }, (pts) => ({
    _: 'updatePinnedMessages',
    pinned: pinned ? true : undefined,
    peer: unmarkPeer(peerId),
    messages,
    pts,
    pts_count: messages.length,
  }));
}

/**
 * Adds the service message "… pinned a message" to both boxes. Each copy replies to that box's copy of the pinned message.
 * @returns the copy of the side that pinned
 */
function sayPinned(
  open: OpenBoxes,
  random: Random,
  copies: readonly (MessageRow | undefined)[],
  { ownerId, peerId, silent, origin }: Pinning,
): Promise<MessageRow> {
  const replyTo = new Map(copies.flatMap((row) => (row ? [[row.owner_id, row.msg_id] as const] : [])));
  const flags = silent ? MessageFlag.silent : 0;
  return addNotice(open, random, { authorId: ownerId, places: placesOf(ownerId, peerId), extra: PIN_ACTION, flags, replyTo, expires: true, origin });
}
