import type { Tx } from '@aerogram/storage';

import { groupBy } from '../shared/index.ts';
import { saveChangedTotals } from './count-reactions.ts';
import { lockTotals, type ReactedPost, type ReactorQuery, takeReactionsOf } from './post-reaction-store.ts';
import { findToldPost, orderReactionNews } from './tell-bots-of-reactions.ts';

/**
 * Takes back what somebody has given to a message. A repeat changes nothing.
 * @param date in unix seconds
 * @returns whether there was anything
 */
export async function takeBack(tx: Tx, post: ReactedPost, reactor: ReactorQuery, date: number): Promise<boolean> {
  const before = await lockTotals(tx, post);
  const taken = await takeReactionsOf(tx, post, reactor);
  // A message without totals was deleted. Its reactions that were still there are gone now, and nobody has to be told.
  if (before === undefined || taken.length === 0) return taken.length > 0;
  const changes = Array.from(groupBy(taken, (one) => one.user_id).values(), (had) => ({ before: had, after: [] }));
  await saveChangedTotals(tx, await orderReactionNews(tx, before, await findToldPost(tx, post), { changes, date }), { given: [], taken });
  return true;
}
