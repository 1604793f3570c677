import type { Bus } from '@aerogram/bus';
import { type Database, defineStatement } from '@aerogram/storage';

import { LoadingCache, onAccountHint } from '../shared/index.ts';

/**
 * How somebody is acquainted with a user: only by being one of the user's contacts, like many others, or in a way of which there may be only one, such as a
 * name in the own address book.
 */
export type Acquaintance = 'contact' | 'other';

/**
 * The users who see a user differently from strangers: those who have the user as a contact, the user's own contacts, and those whom the user has blocked.
 * One read gives all of them, where the cache of relations has an entry for each pair.
 */
export interface Acquaintances extends Disposable {
  /** Returns the acquaintances of each of these users; undefined for a user who has too many. */
  find(userIds: readonly bigint[]): Promise<(ReadonlyMap<bigint, Acquaintance> | undefined)[]>;
}

/** Maximum number of acquaintances that are kept of one user. */
const MAX_EACH = 10_000;

const MAX_USERS = 1000;

/** More than {@link MAX_EACH}. */
const TOO_MANY = 'too many';

const readAcquaintances = defineStatement<{ id: bigint; other: bigint; is_contact: boolean }>(
  'read_acquaintances',
  `SELECT u.id, x.other, x.is_contact FROM unnest($1::bigint[]) AS u (id), LATERAL (
     SELECT * FROM (SELECT owner_id AS other, false AS is_contact FROM contacts WHERE user_id = u.id LIMIT ${MAX_EACH + 1}) AS theirs
      UNION ALL SELECT * FROM (SELECT user_id, NOT close_friend FROM contacts WHERE owner_id = u.id LIMIT ${MAX_EACH + 1}) AS own
      UNION ALL SELECT * FROM (SELECT peer_id, false FROM blocked_peers WHERE owner_id = u.id AND NOT stories_only LIMIT ${MAX_EACH + 1}) AS blocked) AS x`,
);

async function load(db: Pick<Database, 'run'>, userIds: readonly bigint[]): Promise<Map<bigint, Map<bigint, Acquaintance> | typeof TOO_MANY>> {
  const found = new Map<bigint, Map<bigint, Acquaintance>>(userIds.map((id) => [id, new Map()]));
  const { rows } = await db.run(readAcquaintances, [userIds]);
  for (const { id, other, is_contact: isContact } of rows) {
    const others = found.get(id);
    if (!isContact) others?.set(other, 'other');
    else if (others?.has(other) === false) others.set(other, 'contact');
  }
  return new Map([...found].map(([id, others]) => [id, others.size > MAX_EACH ? TOO_MANY : others]));
}

/** Creates the cache of acquaintances. Disposing ends its subscriptions. */
export function createAcquaintances({ db, bus }: { db: Pick<Database, 'run'>; bus: Bus }): Acquaintances {
  const cache = new LoadingCache<bigint, ReadonlyMap<bigint, Acquaintance> | typeof TOO_MANY>({ maxEntries: MAX_USERS, load: (userIds) => load(db, userIds) });
  const subscription = onAccountHint(bus, (hint) => {
    if (hint.kind === 'relation') for (const userId of hint.userIds) cache.invalidate(userId);
  });
  const reconnected = bus.onReconnect(() => cache.clear());
  return {
    async find(userIds) {
      const found = await cache.getMany(userIds);
      return userIds.map((id) => {
        const others = found.get(id);
        return others === TOO_MANY ? undefined : others;
      });
    },
    [Symbol.dispose]() {
      subscription[Symbol.dispose]();
      reconnected[Symbol.dispose]();
    },
  };
}
