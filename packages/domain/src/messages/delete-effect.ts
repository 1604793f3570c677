import { z } from 'zod';

import type { EffectKind } from '../effects/index.ts';
import type { Boxes } from '../events/index.ts';
import { groupBy } from '../shared/index.ts';
import { type DialogEffect, dialogEffectFields, wireDate, wireGlobalId } from './dialog-effects.ts';
import type { RemovedMessage } from './message-store.ts';

/** Number of messages that one effect deletes, and of those by which it says what stays. */
export const DELETED_SLICE = 500;

/** Somebody deletes messages for the other, too. */
export interface DeleteEffect extends DialogEffect {
  kind: 'delete';
  globalIds: bigint[];
}

/** Somebody deletes a whole history for the other, too: what only the other still has of it. */
export interface DeleteHistoryEffect extends DialogEffect {
  kind: 'delete-history';
  /** The oldest of the messages that stay, oldest first, as the one who deletes has them; undefined: none stays. */
  keptIds?: bigint[] | undefined;
  /** Only messages of this time are deleted, in unix seconds; 0 leaves that end open. */
  minDate: number;
  maxDate: number;
}

/** The effect of a deletion. */
export const deleteKind: EffectKind<DeleteEffect> = {
  kind: 'delete',
  schema: z.object({ kind: z.literal('delete'), ...dialogEffectFields, globalIds: z.array(wireGlobalId).max(DELETED_SLICE) }),
};

/** The effect of the deletion of a history. */
export const deleteHistoryKind: EffectKind<DeleteHistoryEffect> = {
  kind: 'delete-history',
  schema: z.object({ kind: z.literal('delete-history'), ...dialogEffectFields, keptIds: z.array(wireGlobalId).min(1).max(DELETED_SLICE).optional(), minDate: wireDate, maxDate: wireDate }),
};

/** Tells the homes of those who live elsewhere which messages somebody has deleted for both. */
export function tellDeleted(boxes: Boxes, removed: readonly RemovedMessage[], { from, date }: { from: bigint; date: number }): void {
  for (const [to, rows] of groupBy(removed, (row) => row.peer_id)) {
    const dc = boxes.dcOf(to);
    for (let at = 0; dc !== undefined && at < rows.length; at += DELETED_SLICE) {
      const effect: DeleteEffect = { kind: 'delete', from, to, date, globalIds: rows.slice(at, at + DELETED_SLICE).map((row) => row.global_id) };
      boxes.tell(dc, effect);
    }
  }
}
