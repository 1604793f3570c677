import { unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Random } from '@aerogram/runtime';

import { hasFlag, MessageFlag, type MessageRow, type OpenBoxes, type Origin, packMessageExtra } from '../events/index.ts';
import { groupBy } from '../shared/index.ts';
import { addNotice } from './add-notice.ts';
import type { HistoryAffected } from './do-delete-history.ts';
import { findCopies, findMessage } from './find-messages.ts';
import { listPins, savePins, type StoredPlace } from './pin-store.ts';
import { type DialogDeps, type OpenDialog, othersOf, writeDialog } from './places.ts';

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
  origin: Origin | undefined;
}

type PinDeps = DialogDeps & { random: Random };

/**
 * Pins a message or unpins it, for everyone in the dialog or for the caller alone. A pin for everyone is announced in the chat, except in Saved Messages.
 * @throws RpcError MESSAGE_ID_INVALID
 */
export function doPinMessage(deps: PinDeps, pinning: Pinning): Promise<PinOutcome> {
  const { ownerId, peerId, pinned, origin } = pinning;
  return writeDialog(deps, { name: 'pin-message', nameInGroup: 'pin-group-message', action: 'pin_messages' }, pinning, async ({ tx, boxes, date, places }) => {
    const own = await findMessage(tx.q, ownerId, pinning.msgId);
    if (own === undefined || own.peer_id !== peerId || hasFlag(own, MessageFlag.service)) throw rpcError('MESSAGE_ID_INVALID');
    const copies = [own, ...(await findCopies(tx.q, othersOf(places), [own.global_id]))];
    const changed = copies.filter((row) => isPinned(row) !== pinned);
    const pts = await pinRows({ tx, boxes, date }, changed, pinned, { ownerId, origin });
    const isAnnounced = pinned && places.length > 1 && changed.length > 0;
    const notice = isAnnounced ? await announcePin({ tx, boxes, date, places }, deps.random, copies, pinning) : undefined;
    return { pts, notice };
  });
}

/** Unpins all messages of a dialog, for everyone in it or for the caller alone, in slices. A repeat finds none: its `ptsCount` is 0. */
export function doUnpinAll(deps: PinDeps, unpinning: UnpinAllInput): Promise<HistoryAffected> {
  const { ownerId, peerId, origin } = unpinning;
  return writeDialog(deps, { name: 'unpin-all', nameInGroup: 'unpin-all-in-group', action: 'pin_messages' }, unpinning, async ({ tx, boxes, date, places }) => {
    const pins = await listPins(tx.q, ownerId, peerId, SLICE + 1);
    const slice = pins.slice(0, SLICE).map((pin) => ({ ...pin, owner_id: ownerId, peer_id: peerId }));
    if (slice.length === 0) return { pts: boxes.pts(ownerId), ptsCount: 0, offset: 0 };
    const copies = await findCopies(tx.q, othersOf(places), slice.map((pin) => pin.global_id));
    await pinRows({ tx, boxes, date }, [...slice, ...copies.filter(isPinned)], false, { ownerId, origin });
    return { pts: boxes.pts(ownerId), ptsCount: slice.length, offset: pins.length > SLICE ? 1 : 0 };
  });
}

function isPinned(row: MessageRow): boolean {
  return hasFlag(row, MessageFlag.pinned);
}

/**
 * Pins messages or unpins them, each box's in one dialog, and logs one update for each box.
 * @returns the pts of the update in the actor's box; undefined when none of its messages is among `rows`
 */
async function pinRows(
  { tx, boxes, date }: OpenBoxes,
  rows: readonly StoredPlace[],
  pinned: boolean,
  actor: { ownerId: bigint; origin: Origin | undefined },
): Promise<number | undefined> {
  if (rows.length === 0) return undefined;
  await savePins(tx, rows, pinned);
  let ownPts: number | undefined;
  for (const [owner, mine] of groupBy(rows, (row) => row.owner_id)) {
    const isOwn = owner === actor.ownerId;
    const messages = mine.map((row) => row.msg_id);
    const pts = boxes.addUpdate(owner, { ptsCount: messages.length, date, origin: isOwn ? actor.origin : undefined }, (at) => ({
      _: 'updatePinnedMessages',
      pinned: pinned ? true : undefined,
      peer: unmarkPeer(mine[0]!.peer_id),
      messages,
      pts: at,
      pts_count: messages.length,
    }));
    if (isOwn) ownPts = pts;
  }
  return ownPts;
}

/**
 * Adds the service message "… pinned a message" to all boxes. Each copy replies to that box's copy of the pinned message.
 * @returns the copy of whoever pinned
 */
function announcePin(
  { places, ...open }: OpenDialog,
  random: Random,
  copies: readonly MessageRow[],
  { ownerId, silent, origin }: Pinning,
): Promise<MessageRow> {
  const replyTo = new Map(copies.map((row) => [row.owner_id, row.msg_id]));
  const flags = silent ? MessageFlag.silent : 0;
  return addNotice(open, random, { authorId: ownerId, places, extra: PIN_ACTION, flags, replyTo, expires: true, origin });
}
