import type { Bus } from '@aerogram/bus';
import type { Clock } from '@aerogram/runtime';
import type { Database, Tx } from '@aerogram/storage';

import { subtractFromDialog } from '../dialogs/dialog-store.ts';
import { hasBox } from '../peers/resolved-peer.ts';
import type { Origin } from '../updates/box-event.ts';
import { Boxes } from '../updates/box-store.ts';
import { findMessages } from './find-messages.ts';
import { removeCopies, removeMessages } from './message-store.ts';
import type { RemovedMessage } from './message-store.ts';

/** What the caller's box is at after something was removed, for `affected*`. */
export interface Affected {
  pts: number;
  /** Rows really removed, or events really written. */
  ptsCount: number;
}

export interface Deletion {
  ownerId: bigint;
  msgIds: readonly number[];
  /** For the other side too. */
  revoke: boolean;
  origin: Origin | undefined;
}

/**
 * Deletes messages of a box, and with `revoke` their copies in the other boxes. What is not there is passed over, so a
 * repeat does nothing: its `ptsCount` is 0.
 */
export function doDeleteMessages(deps: { db: Database; bus: Bus; clock: Clock }, deletion: Deletion): Promise<Affected> {
  const { ownerId, msgIds, revoke, origin } = deletion;
  return deps.db.transact('delete-messages', async (tx) => {
    // Before the locks, to know which boxes to lock; a message never changes its peer.
    const known = revoke ? await findMessages(tx.q, ownerId, msgIds) : new Map();
    const peers = new Set<bigint>();
    for (const { peer_id: peerId } of known.values()) if (isOtherBox(ownerId, peerId)) peers.add(peerId);
    const boxes = await Boxes.open(tx, deps.bus, [ownerId, ...peers]);
    const removed = await removeMessages(tx, ownerId, msgIds);
    const ptsCount = await removeAndLog(tx, boxes, { ownerId, removed, revoke, origin, date: deps.clock.now() });
    await boxes.flush();
    return { pts: boxes.pts(ownerId), ptsCount };
  });
}

/** Whether a dialog's peer keeps copies in a box of their own. */
export function isOtherBox(ownerId: bigint, peerId: bigint): boolean {
  return peerId > 0n && peerId !== ownerId && hasBox(peerId);
}

/**
 * Brings dialogs and logs up to date after `removed` left the owner's box; with `revoke` removes the copies in the peers'
 * open boxes likewise. @returns the owner's pts_count
 */
export async function removeAndLog(
  tx: Tx,
  boxes: Boxes,
  change: { ownerId: bigint; removed: readonly RemovedMessage[]; revoke: boolean; origin: Origin | undefined; date: number },
): Promise<number> {
  const { ownerId, removed, origin, date } = change;
  if (removed.length === 0) return 0;
  await logRemoved(tx, boxes, ownerId, removed, date, origin);
  if (!change.revoke) return removed.length;
  const shared = removed.filter(({ peer_id: peerId }) => isOtherBox(ownerId, peerId));
  if (shared.length === 0) return removed.length;
  const copies = await removeCopies(tx, shared.map((row) => ({ owner: row.peer_id, globalId: row.global_id })));
  for (const [peer, rows] of groupBy(copies, (row) => row.owner_id)) {
    await logRemoved(tx, boxes, peer, rows, date, undefined);
  }
  return removed.length;
}

async function logRemoved(
  tx: Tx,
  boxes: Boxes,
  owner: bigint,
  removed: readonly RemovedMessage[],
  date: number,
  origin: Origin | undefined,
): Promise<void> {
  const messages = removed.map((row) => row.msg_id).toSorted((a, b) => a - b);
  boxes.addUpdate(owner, messages.length, date, origin, (pts) => ({
    _: 'updateDeleteMessages',
    messages,
    pts,
    pts_count: messages.length,
  }));
  for (const [peerId, rows] of groupBy(removed, (row) => row.peer_id)) {
    await subtractFromDialog(tx, owner, peerId, rows.length);
  }
}

function groupBy(rows: readonly RemovedMessage[], keyOf: (row: RemovedMessage) => bigint): Map<bigint, RemovedMessage[]> {
  const groups = new Map<bigint, RemovedMessage[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}
