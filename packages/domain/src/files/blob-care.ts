import { type Clock, defineCounter, type Logger, type Metrics, pageThrough } from '@aerogram/runtime';
import { defineRecurringJob, type JobKind } from '@aerogram/storage';

import { type DomainDeps, tryEach } from '../shared/index.ts';
import { type BlobPlaces, checkContent } from './blob-checks.ts';
import { findUncheckedBlob, listKeysToRewrap, saveBlobKey, type WrappedKey } from './blob-check-store.ts';

const DAY_S = 86_400;
const CHECK_EVERY_MS = 60_000;
/** Bytes that one run of the check reads, unless the first blob is longer. It bounds what the check takes from the disk: 360 GB a day. */
const CHECKED_BYTES = 256 * 2 ** 20;
const REWRAP_EVERY_MS = 600_000;
/** Keys that are read at once. */
const PAGE = 500;

const checksMetric = defineCounter({ name: 'aerogram_blob_checks_total', help: 'Blobs that were read and compared with their hashes.', labels: ['outcome'] });
const checkedBytesMetric = defineCounter({ name: 'aerogram_blob_checked_bytes_total', help: 'Bytes of these blobs.' });

type CareDeps = Pick<DomainDeps, 'db' | 'clock' | 'log' | 'metrics' | 'fileStorage'> & { config: Pick<DomainDeps['config'], 'blobCheckDays'> };

/** Creates the jobs that look after stored blobs: one reads them all from time to time, one encrypts their keys with the current master key. */
export function createBlobCareJobs({ db, clock, log, metrics, config, fileStorage: { store, keys } }: CareDeps): JobKind[] {
  const check = createCheck({ db, store, keys }, { clock, log, metrics, days: config.blobCheckDays });

  const rewrapAll = async (signal: AbortSignal): Promise<void> => {
    // The operator may have added a key.
    await keys.reload();
    if (keys.ids.length === 1) return;
    const current = Buffer.from(keys.currentId, 'hex');
    const others = pageThrough<WrappedKey>((last) => listKeysToRewrap(db, current, last?.name ?? '', PAGE));
    const rewrap = async ({ name, wrapped_key: before }: WrappedKey): Promise<void> => {
      const after = await keys.rewrap(before);
      await db.transact('save-blob-key', (tx) => saveBlobKey(tx, name, { before, after }));
    };
    await tryEach(others, rewrap, signal);
  };

  return [
    defineRecurringJob({ kind: 'check-blobs', everyMs: CHECK_EVERY_MS, clockNeed: 'proven', run: ({ signal }) => check(signal) }),
    defineRecurringJob({ kind: 'rewrap-blob-keys', everyMs: REWRAP_EVERY_MS, run: ({ signal }) => rewrapAll(signal) }),
  ];
}

/** Checks those blobs that were not read for a number of days, the longest unread first. */
function createCheck(places: BlobPlaces, { clock, log, metrics, days }: { clock: Clock; log: Logger; metrics: Metrics; days: number }): (signal: AbortSignal) => Promise<void> {
  const checks = metrics.counter(checksMetric);
  const checkedBytes = metrics.counter(checkedBytesMetric);
  return async (signal) => {
    if (days === 0) return;
    for (let bytes = 0; bytes < CHECKED_BYTES; ) {
      signal.throwIfAborted();
      const blob = await findUncheckedBlob(places.db, clock.now() - days * DAY_S);
      if (blob === undefined) return;
      const fault = await checkContent(places, blob, clock.now());
      if (fault !== undefined) log.error({ blob: blob.name, fault }, 'the bytes of a file are not what was stored');
      checks.inc({ outcome: fault === undefined ? 'sound' : 'faulty' });
      checkedBytes.inc(blob.size);
      bytes += blob.size;
    }
  };
}
