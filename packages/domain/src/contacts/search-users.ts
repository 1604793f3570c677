import type { Database } from '@aerogram/storage';

/** Who a search found; ids in the order of the answer. */
export interface FoundUsers {
  /** The viewer's contacts. */
  own: bigint[];
  /** Others, by username. */
  others: bigint[];
}

/** A shorter beginning of a username would list half the server. */
const USERNAME_PREFIX_MIN = 3;

/** Contacts whose name has a word that begins with the query, and users whose username begins with it. */
export async function searchUsers(
  q: Database['q'],
  viewerId: bigint,
  query: string,
  limit: number,
): Promise<FoundUsers> {
  const text = query.trim().replace(/^@/, '').toLowerCase();
  if (text === '') return { own: [], others: [] };
  const contacts = await q
    .selectFrom('contacts')
    .innerJoin('users', 'users.user_id', 'contacts.user_id')
    .select(['contacts.user_id', 'contacts.first_name', 'contacts.last_name', 'users.username'])
    .where('contacts.owner_id', '=', viewerId)
    .orderBy('contacts.user_id')
    .execute();
  const own = contacts
    .filter((row) => ` ${row.first_name} ${row.last_name} ${row.username ?? ''}`.toLowerCase().includes(` ${text}`))
    .map((row) => row.user_id)
    .slice(0, limit);
  if (text.length < USERNAME_PREFIX_MIN || !/^[a-z0-9_]+$/.test(text)) return { own, others: [] };
  const names = await q
    .selectFrom('usernames')
    .select('peer_id')
    .where('name', 'like', `${text.replaceAll('_', String.raw`\_`)}%`)
    .where('confirmed', '=', true)
    .where('peer_id', '>', 0n)
    .orderBy('name')
    .limit(limit + own.length)
    .execute();
  const others = names.map((row) => row.peer_id).filter((id) => !own.includes(id));
  return { own, others: others.slice(0, limit) };
}
