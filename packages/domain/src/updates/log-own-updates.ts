import type { Bus } from '@aerogram/bus';
import type { Clock } from '@aerogram/runtime';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { Origin } from './box-event.ts';
import { Boxes } from './box-store.ts';

/**
 * Puts updates without pts into their owner's log, in the transaction that makes them true: devices that are away get
 * them by the difference, the others after the commit. Locks the owner's counter; once a transaction.
 * @param origin the session that knows already
 */
export async function logOwnUpdates(
  tx: Tx,
  deps: { bus: Bus; clock: Clock },
  ownerId: bigint,
  origin: Origin | undefined,
  updates: readonly tl.Update[],
): Promise<void> {
  if (updates.length === 0) return;
  const boxes = await Boxes.open(tx, deps.bus, [ownerId]);
  boxes.addLoose(ownerId, deps.clock.now(), origin, updates);
  boxes.flush();
}
