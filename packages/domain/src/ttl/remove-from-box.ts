import type { Tx } from '@aerogram/storage';

import type { Boxes } from '../events/index.ts';
import { dropExpiring, removeAndLog, removeMessages } from '../messages/index.ts';

/** Deletes messages from the box of their owner alone, and tells the owner's devices. Those that are gone already are left out. */
export async function removeFromBox({ tx, boxes, date }: { tx: Tx; boxes: Boxes; date: number }, ownerId: bigint, msgIds: readonly number[]): Promise<void> {
  const removed = await removeMessages(tx, ownerId, msgIds);
  await dropExpiring(tx, ownerId, msgIds);
  await removeAndLog(tx, boxes, { ownerId, removed, places: new Map(), isEverywhere: true, keepsDialog: false, origin: undefined, date });
}
