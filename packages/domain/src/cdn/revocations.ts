import type { CdnRevocations } from '@aerogram/cdn-origin';
import type { Clock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { confirmForgotten, listClosedFiles, markClosedFiles } from './cdn-file-store.ts';

/** Creates what tells CDN nodes which files they must forget. */
export function createCdnRevocations(db: Pick<Database, 'run' | 'transact'>, clock: Pick<Clock, 'now'>): CdnRevocations {
  return {
    sweep: () => markClosedFiles(db, clock.now()),
    listPending: (dc, limit) => listClosedFiles(db, dc, limit),
    doConfirm: (dc, fileIds) => confirmForgotten(db, dc, fileIds, clock.now()),
  };
}
