import type { Tx } from '@aerogram/storage';

import { saveChangedTotals } from './count-reactions.ts';
import { lockTotals, type ReactedPost, type ReactorQuery, takeReactionsOf } from './post-reaction-store.ts';

/**
 * Takes back what somebody has given to a message. A repeat changes nothing.
 * @returns whether there was anything
 */
export async function takeBack(tx: Tx, post: ReactedPost, reactor: ReactorQuery): Promise<boolean> {
  const before = await lockTotals(tx, post);
  const taken = await takeReactionsOf(tx, post, reactor);
  // Without totals the message was deleted, and these are what is left of it.
  if (before !== undefined && taken.length > 0) await saveChangedTotals(tx, before, { given: [], taken });
  return taken.length > 0;
}
