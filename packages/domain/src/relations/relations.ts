import type { Bus } from '@aerogram/bus';
import type { Database } from '@aerogram/storage';

import { LoadingCache, onAccountHint, publishDecision } from '../shared/index.ts';
import { findRelations, NO_RELATION, pairKey, type Relation } from './relation.ts';

/** A cache of the relations between pairs of users. */
export interface Relations extends Disposable {
  /** Returns the relation between a viewer and each of `targets`. */
  findRelations(viewerId: bigint, targets: Iterable<bigint>): Promise<Map<bigint, Relation>>;
  /** Same as `findRelations` for one target, but synchronous; undefined if not cached. */
  peekRelation(viewerId: bigint, targetId: bigint): Relation | undefined;
  /** After the commit, drops the pair from the caches of all nodes. Resolves when they have dropped it. */
  relationChanged(a: bigint, b: bigint): Promise<void>;
}

/** Maximum number of cached pairs, enough for those who are active now; about 110 bytes each. Other pairs cost one read by primary key. */
const MAX_PAIRS = 50_000;

/** Creates the cache of relations. */
export function createRelations(deps: { db: Database; bus: Bus }): Relations {
  const cache = new LoadingCache<bigint, Relation>({
    maxEntries: MAX_PAIRS,
    load: (keys) => findRelations(deps.db, keys),
  });
  const invalidate = (a: bigint, b: bigint): void => {
    cache.invalidate(pairKey(a, b));
    cache.invalidate(pairKey(b, a));
  };
  const subscription = onAccountHint(deps.bus, (hint) => {
    if (hint.kind === 'relation') invalidate(...hint.userIds);
  });
  const reconnected = deps.bus.onReconnect(() => cache.clear());

  return {
    async findRelations(viewerId, targets) {
      const ids = [...new Set(targets)];
      const relations = await cache.getMany(ids.filter((id) => id !== viewerId).map((id) => pairKey(viewerId, id)));
      return new Map(ids.map((id) => [id, relations.get(pairKey(viewerId, id)) ?? NO_RELATION]));
    },
    peekRelation(viewerId, targetId) {
      if (viewerId === targetId) return NO_RELATION;
      const key = pairKey(viewerId, targetId);
      return cache.peek(key) ?? (cache.isKnown(key) ? NO_RELATION : undefined);
    },
    relationChanged(a, b) {
      invalidate(a, b);
      return publishDecision(deps.bus, { kind: 'relation', userIds: [a, b] });
    },
    [Symbol.dispose]() {
      subscription[Symbol.dispose]();
      reconnected[Symbol.dispose]();
    },
  };
}
