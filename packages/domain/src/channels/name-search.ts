import type { Database } from '@aerogram/storage';

import { searchUsers } from '../contacts/index.ts';
import type { Users } from '../users/index.ts';
import type { NameSearch } from './participants.ts';

/** Maximum number of contacts, and of other users, whose membership a search checks. */
const FOUND_MAX = 500;

/** Finds people by name, as a viewer knows them. */
export function createNameSearch({ db, users }: { db: Database; users: Pick<Users, 'findRows'> }, viewerId: bigint): NameSearch {
  return {
    findNames: (userIds) => users.findRows(userIds),
    async findByName(q) {
      const { own, others } = await searchUsers(db.q, viewerId, q, FOUND_MAX);
      return [...own, ...others];
    },
  };
}
