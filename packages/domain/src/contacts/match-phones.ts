import type { Database } from '@aerogram/storage';

import type { UserRow } from '../peers/index.ts';
import type { Privacy } from '../privacy/index.ts';
import type { Users } from '../users/index.ts';
import type { FindElsewhere } from './find-elsewhere.ts';

/**
 * Finds the users with these phone numbers who allow the viewer to find them by number. A user who does not allow it is left out just like
 * a number without an account, so that the result does not tell them apart. A user who blocked the viewer is still found.
 * @param phones normalised phone numbers
 * @param unknown gets the numbers of which nobody can say now who has them, because another data centre is away; absent: for a single one that is an error
 * @throws RpcError 500 as `FindElsewhere.findByPhones`
 */
export async function matchPhones(
  deps: { db: Database; users: Users; privacy: Privacy; elsewhere: FindElsewhere | undefined },
  viewerId: bigint,
  phones: readonly string[],
  unknown?: Set<string>,
): Promise<Map<string, UserRow>> {
  if (phones.length === 0) return new Map();
  const numbers = await deps.db.q
    .selectFrom('phones')
    .select(['phone', 'user_id'])
    .where('phone', 'in', [...new Set(phones)])
    .where('confirmed', '=', true)
    .execute();
  const entries = numbers.filter((entry) => deps.elsewhere?.dcOf(entry.user_id) === undefined);
  const rows = await deps.users.findRows([viewerId, ...entries.map((entry) => entry.user_id)]);
  const viewer = { id: viewerId, bot: rows.get(viewerId)?.bot === true };
  const found = new Map<string, UserRow>();
  const checks = entries.map(async ({ phone, user_id }) => {
    const row = rows.get(user_id);
    if (row && !row.deleted && (await deps.privacy.mayFindByPhone(user_id, viewer))) found.set(phone, row);
  });
  await Promise.all(checks);
  const known = new Set(entries.map((entry) => entry.phone));
  const others = (await deps.elsewhere?.findByPhones(viewer, phones.filter((phone) => !known.has(phone)), unknown)) ?? [];
  for (const [phone, row] of others) found.set(phone, row);
  return found;
}
