import { type BlobEntry, UNFINISHED_KEPT_MS } from '@aerogram/blob';
import { pagesOf, pageThrough } from '@aerogram/runtime';
import { defineRecurringJob, type JobKind } from '@aerogram/storage';

import type { DomainDeps } from '../shared/index.ts';
import { collectedMetric, doClaimStore, doomStray, doRemoveStray, findStrayDoubt, keptSecondsOf, listStrays, noteStrays, sweepVerdicts } from '../blobs/index.ts';
import { sweepFinishedUploads } from '../uploads/index.ts';
import { collectDocument, listReleased, noteReleases } from './collection-store.ts';

const DAY_S = 86_400;
const EVERY_MS = 600_000;
/** How often the store is compared with the rows. This lists all blobs. */
const STRAYS_EVERY_MS = 6 * 3_600_000;
/** How long unfinished uploads are kept, and how long a finished one can be used again. */
const UPLOADS_KEPT_S = UNFINISHED_KEPT_MS / 1000;
/** How long a blob must have been without a row before it is deleted. A blob is stored before its row, and the call that adds the row may be repeated for a day. */
const STRAY_S = 2 * DAY_S;
/** How long it is known what the hook has said about content. Later it may know better. */
const VERDICTS_KEPT_S = 30 * DAY_S;
/** Documents, or names of blobs, that are read at once. */
const PAGE = 500;
/** Rows that one statement writes. */
const ROWS_SLICE = 5000;

/** Deletes documents and blobs that nothing refers to, and leftovers of uploads. Repeating it or stopping it anywhere does no harm. */
export interface FileCollection {
  readonly jobKinds: readonly JobKind[];
}

type CollectionDeps = Pick<DomainDeps, 'db' | 'clock' | 'log' | 'metrics' | 'fileStorage'> & { config: Pick<DomainDeps['config'], 'walArchiveDays'> };

/** Creates the collection. */
export function createFileCollection({ db, clock, log, config, metrics, fileStorage: { store } }: CollectionDeps): FileCollection {
  const collected = metrics.counter(collectedMetric);
  const keptSeconds = keptSecondsOf(config);

  /** Whether this server may delete from the store. A server that started while the store was away has not found out yet, and the store may have been given to another one since. */
  const ownsStore = async (): Promise<boolean> => {
    const { owner, isOurs } = await doClaimStore({ db, store });
    if (!isOurs) log.error({ owner }, 'the store of files belongs to another server: nothing is deleted from it');
    return isOurs;
  };

  /** Deletes bytes whose blob is noted as a stray. If the process ends in between, a later run does it. */
  const removeBytes = async (name: string, kind: 'blob' | 'stray'): Promise<void> => {
    await doRemoveStray({ db, fileStorage: { store } }, name);
    collected.inc({ kind });
  };

  const collectDocuments = async (signal: AbortSignal): Promise<void> => {
    if (!(await ownsStore())) return;
    const beforeDate = clock.now() - keptSeconds;
    for await (const id of pageThrough<bigint>((last) => listReleased(db, beforeDate, last ?? 0n, PAGE))) {
      signal.throwIfAborted();
      const name = await db.transact('collect-document', (tx) => collectDocument(tx, id, { beforeDate, nowDate: clock.now() }));
      if (name !== undefined) await removeBytes(name, 'blob');
    }
  };

  const noteAllStrays = async (signal: AbortSignal): Promise<void> => {
    for await (const page of pagesOf<BlobEntry>((last) => store.list({ after: last?.name ?? '', limit: PAGE }))) {
      signal.throwIfAborted();
      const names = page.map(({ name }) => name);
      await db.transact('note-stray-blobs', (tx) => noteStrays(tx, names, clock.now()));
    }
  };

  const collectStrays = async (signal: AbortSignal): Promise<void> => {
    if (!(await ownsStore())) return;
    await noteAllStrays(signal);
    const doubt = await findStrayDoubt(db);
    if (doubt !== undefined) log.error(doubt, 'too many files in the store are not known to the database: they are not deleted until "aerogram blobs confirm-strays" is run');
    const beforeDate = clock.now() - STRAY_S;
    const isOursOnly = doubt !== undefined;
    for await (const name of pageThrough<string>((last) => listStrays(db, { beforeDate, after: last ?? '', limit: PAGE, isOursOnly }))) {
      signal.throwIfAborted();
      if (await db.transact('doom-stray-blob', (tx) => doomStray(tx, name, beforeDate))) await removeBytes(name, 'stray');
    }
    await store.removeLeftovers(clock.nowMs() - 1000 * UPLOADS_KEPT_S);
  };

  const collect = async (signal: AbortSignal): Promise<void> => {
    for (let noted = ROWS_SLICE; noted === ROWS_SLICE; ) {
      signal.throwIfAborted();
      noted = await db.transact('note-file-releases', (tx) => noteReleases(tx, { nowDate: clock.now(), madeAfterDate: clock.now() - keptSeconds, limit: ROWS_SLICE }));
    }
    await collectDocuments(signal);
    await db.transact('sweep-finished-uploads', (tx) => sweepFinishedUploads(tx, clock.now() - UPLOADS_KEPT_S));
    for (let hasMore = true; hasMore; ) {
      signal.throwIfAborted();
      hasMore = await db.transact('sweep-hook-verdicts', (tx) => sweepVerdicts(tx, clock.now() - VERDICTS_KEPT_S, ROWS_SLICE));
    }
  };

  return {
    jobKinds: [
      defineRecurringJob({ kind: 'collect-files', everyMs: EVERY_MS, clockNeed: 'proven', run: ({ signal }) => collect(signal) }),
      defineRecurringJob({ kind: 'collect-stray-blobs', everyMs: STRAYS_EVERY_MS, clockNeed: 'proven', run: ({ signal }) => collectStrays(signal) }),
    ],
  };
}
