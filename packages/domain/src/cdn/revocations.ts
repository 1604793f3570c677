import type { CdnRevocations } from '@aerogram/cdn-origin';
import type { Clock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { noteForgotten, listFilesToForget, markFilesToForget } from './cdn-file-store.ts';

/** Creates what tells CDN nodes which files they must forget. */
export function createCdnRevocations(db: Pick<Database, 'run' | 'transact'>, clock: Pick<Clock, 'now'>): CdnRevocations {
  return {
    doMarkToForget: () => markFilesToForget(db, clock.now()),
    listToForget: (dc, limit) => listFilesToForget(db, dc, limit),
    doNoteForgotten: (dc, fileIds) => noteForgotten(db, dc, fileIds, clock.now()),
  };
}
