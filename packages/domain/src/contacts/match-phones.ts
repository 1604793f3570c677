import type { Database } from '@aerogram/storage';

import type { UserRow } from '../peers/index.ts';
import type { Privacy } from '../privacy/index.ts';
import type { Users } from '../users/index.ts';

/**
 * The users of phone numbers, as far as they let the viewer find them by number. One who does not is as absent as one
 * who is not there: the answer must not tell them apart. One who has blocked the viewer is found as before.
 * @param phones normal numbers
 */
export async function matchPhones(
  deps: { db: Database; users: Users; privacy: Privacy },
  viewerId: bigint,
  phones: readonly string[],
): Promise<Map<string, UserRow>> {
  if (phones.length === 0) return new Map();
  const entries = await deps.db.q
    .selectFrom('phones')
    .select(['phone', 'user_id'])
    .where('phone', 'in', [...new Set(phones)])
    .where('confirmed', '=', true)
    .execute();
  const rows = await deps.users.findRows([viewerId, ...entries.map((entry) => entry.user_id)]);
  const viewer = { id: viewerId, bot: rows.get(viewerId)?.bot === true };
  const found = new Map<string, UserRow>();
  const checks = entries.map(async ({ phone, user_id }) => {
    const row = rows.get(user_id);
    if (row && !row.deleted && (await deps.privacy.mayFindByPhone(user_id, viewer))) found.set(phone, row);
  });
  await Promise.all(checks);
  return found;
}
