import { defineStatement } from '@aerogram/storage';

import type { EffectHandler } from '../effects/index.ts';
import { type BoxWriter, MessageFlag, type OpenBoxes } from '../events/index.ts';
import { applyToBoxes } from './dialog-effects.ts';
import { DELETED_SLICE, type DeleteEffect, type DeleteHistoryEffect, deleteHistoryKind, deleteKind } from './delete-effect.ts';
import { removeAndLog } from './do-delete-messages.ts';
import { removeMessages } from './message-store.ts';

/** How many slices of the messages that only the receiver has one effect deletes. */
const SLICES_MAX = 40;

/** How many effects are applied together. */
const AT_ONCE = 20;

const listNamed = defineStatement<{ msg_id: number }>(
  'list_deleted_by_effect',
  'SELECT msg_id FROM messages WHERE owner_id = $1 AND peer_id = $2 AND global_id = ANY ($3::bigint[])',
);

const findOldest = defineStatement<{ msg_id: number | null }>(
  'find_oldest_kept',
  'SELECT min(msg_id) AS msg_id FROM messages WHERE owner_id = $1 AND peer_id = $2 AND global_id = ANY ($3::bigint[])',
);

// What the receiver wrote after the deletion stays, although the one who deleted had nothing newer: it was still under way.
const listLeft = defineStatement<{ msg_id: number }>(
  'list_history_left',
  `SELECT msg_id FROM messages
    WHERE owner_id = $1 AND peer_id = $2 AND ($3::integer IS NULL OR msg_id < $3)
      AND ($4 = 0 OR date >= $4) AND ($5 = 0 OR date <= $5)
      AND ($4 = 0 AND $5 = 0 OR flags & ${MessageFlag.historyClear} = 0)
      AND (flags & ${MessageFlag.out} = 0 OR date <= $6)
    ORDER BY msg_id DESC LIMIT $7`,
);

async function removeIn({ tx, boxes, date }: OpenBoxes, ownerId: bigint, msgIds: readonly number[]): Promise<void> {
  const removed = await removeMessages(tx, ownerId, msgIds);
  await removeAndLog(tx, boxes, { ownerId, removed, places: new Map(), keepsDialog: false, origin: undefined, date });
}

async function removeNamed(open: OpenBoxes, { ownerId, peerId, globalIds }: { ownerId: bigint; peerId: bigint; globalIds: readonly bigint[] }): Promise<void> {
  const { rows } = await open.tx.run(listNamed, [ownerId, peerId, globalIds]);
  if (rows.length > 0) await removeIn(open, ownerId, rows.map((row) => row.msg_id));
}

async function removeHistory(open: OpenBoxes, { from, to, keptIds, minDate, maxDate, date }: DeleteHistoryEffect): Promise<void> {
  const { tx } = open;
  const before = keptIds === undefined ? null : (await tx.run(findOldest, [to, from, keptIds])).rows[0]!.msg_id;
  // Without a copy of what stays it cannot be said where the deletion ends.
  if (keptIds !== undefined && before === null) return;
  for (let slice = 0; slice < SLICES_MAX; slice++) {
    const { rows } = await tx.run(listLeft, [to, from, before, minDate, maxDate, date, DELETED_SLICE]);
    if (rows.length > 0) await removeIn(open, to, rows.map((row) => row.msg_id));
    if (rows.length < DELETED_SLICE) return;
  }
}

/**
 * Creates the handlers of deletions. When the home of the one who deleted single messages was restored from a backup, and another home returns the deletion, the messages are
 * deleted from that person's box again. The deletion of a whole history is not repeated, so its messages are there again after a restore.
 */
export function createDeleteHandlers(deps: Pick<BoxWriter, 'withBoxes'>): [EffectHandler<DeleteEffect>, EffectHandler<DeleteHistoryEffect>] {
  return [
    {
      kind: deleteKind,
      atOnce: AT_ONCE,
      apply: (tx, _dc, effects) => applyToBoxes(deps, tx, { effects }, (open, { from, to, globalIds }) => removeNamed(open, { ownerId: to, peerId: from, globalIds })),
      restore: (tx, _dc, effects) => applyToBoxes(deps, tx, { effects, side: 'from' }, (open, { from, to, globalIds }) => removeNamed(open, { ownerId: from, peerId: to, globalIds })),
    },
    {
      kind: deleteHistoryKind,
      atOnce: 1,
      apply: (tx, _dc, effects) => applyToBoxes(deps, tx, { effects }, removeHistory),
      restore: 'stays lost',
    },
  ];
}
