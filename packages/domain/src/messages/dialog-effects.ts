import type { Tx } from '@aerogram/storage';
import { z } from 'zod';

import { type Effect, wireInt, wireUserId } from '../effects/index.ts';
import type { BoxWriter, OpenBoxes } from '../events/index.ts';
import { findUserRows, otherBoxOf } from '../peers/index.ts';

/** An effect on the dialog that its receiver has with the one who acts. */
export interface DialogEffect extends Effect {
  to: bigint;
  /** When it was done, in unix seconds, by the clock of the home that sends it. */
  date: number;
}

/** A date in a frame, in unix seconds. */
export const wireDate = z.int().min(0).max(2 ** 31 - 1);

/** The fields that effects on dialogs have. */
export const dialogEffectFields = { from: wireUserId, to: wireUserId, date: wireDate };

/** What names a message in all copies. */
export const wireGlobalId = wireInt;

/**
 * Opens the boxes of those whom effects are for, and applies the effects in their order. Those for service accounts, and for nobody who has an account here, are left out.
 * @param side `to`: the boxes of those to whom it was done; `from`: of those who did it, when what they did is returned to their home
 */
export async function applyToBoxes<E extends DialogEffect>(
  deps: Pick<BoxWriter, 'withBoxes'>,
  tx: Tx,
  { effects, side = 'to' }: { effects: readonly E[]; side?: 'to' | 'from' },
  apply: (open: OpenBoxes, effect: E) => Promise<void>,
): Promise<void> {
  const users = await findUserRows(tx, [...new Set(effects.map((effect) => effect[side]))]);
  const known = effects.filter((effect) => users.get(effect[side])?.deleted === false && otherBoxOf(effect.from, effect.to) !== undefined);
  if (known.length === 0) return;
  await deps.withBoxes(tx, known.map((effect) => effect[side]), async (boxes, date) => {
    for (const effect of known) await apply({ tx, boxes, date }, effect);
  });
}
