import { MasterKeyMissing } from '@aerogram/blob';
import { type Clock, defineCounter, type Logger, type Metrics, pageThrough } from '@aerogram/runtime';
import { defineRecurringJob, type JobKind } from '@aerogram/storage';

import { type DomainDeps, tryEach } from '../shared/index.ts';
import { type BlobPlaces, checkContent, StoreRefusals } from './find-faulty-blobs.ts';
import { findUncheckedBlob } from './blob-check-store.ts';
import { listKeysToRewrap, saveBlobKey, type WrappedKey } from './blob-key-store.ts';

const DAY_S = 86_400;
const CHECK_EVERY_MS = 60_000;
/** Bytes that one run of the check reads, unless the first blob is longer. It bounds what the check takes from the disk: 360 GB a day. */
const CHECKED_BYTES = 256 * 2 ** 20;
/** Blobs that cannot be read, after which a run of the check ends. */
const UNREAD_MAX = 100;

const REWRAP_EVERY_MS = 600_000;
/** Keys that are read at once. */
const PAGE = 500;

const checksMetric = defineCounter({ name: 'aerogram_blob_checks_total', help: 'Blobs that were read and compared with their hashes; unread ones were refused by the store, or their master key is missing.', labels: ['outcome'] });
const checkedBytesMetric = defineCounter({ name: 'aerogram_blob_checked_bytes_total', help: 'Bytes of these blobs.' });

type JobDeps = Pick<DomainDeps, 'db' | 'clock' | 'log' | 'metrics' | 'fileStorage'> & { config: Pick<DomainDeps['config'], 'blobCheckDays'> };

/** Creates the jobs that look after stored blobs: one reads them all from time to time, one encrypts their keys with the current master key. */
export function createBlobJobs({ db, clock, log, metrics, config, fileStorage: { store, keys } }: JobDeps): JobKind[] {
  const check = createCheck({ db, store, keys }, { clock, log, metrics, days: config.blobCheckDays });

  const rewrapAll = async (signal: AbortSignal): Promise<void> => {
    // The operator may have added a key.
    await keys.reload();
    if (keys.ids.length === 1) return;
    const current = Buffer.from(keys.currentId, 'hex');
    const others = pageThrough<WrappedKey>((last) => listKeysToRewrap(db, current, last?.name ?? '', PAGE));
    const rewrap = async ({ name, wrappedKey: before }: WrappedKey): Promise<void> => {
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

/** Checks those blobs that were not read for a number of days, the longest unread first. Those that the store refuses are tried again a day later. */
function createCheck(places: BlobPlaces, { clock, log, metrics, days }: { clock: Clock; log: Logger; metrics: Metrics; days: number }): (signal: AbortSignal) => Promise<void> {
  const checks = metrics.counter(checksMetric);
  const checkedBytes = metrics.counter(checkedBytesMetric);
  return async (signal) => {
    if (days === 0) return;
    const refusals = new StoreRefusals();
    const missingKeys = new Set<string>();
    for (let bytes = 0, unread = 0; bytes < CHECKED_BYTES && unread < UNREAD_MAX; ) {
      signal.throwIfAborted();
      const nowDate = clock.now();
      const blob = await findUncheckedBlob(places.db, { checkedDate: nowDate - days * DAY_S, triedDate: nowDate - DAY_S });
      if (blob === undefined) return;
      const check = await checkContent(places, blob, nowDate);
      checks.inc({ outcome: check.state });
      if (check.state === 'unread') {
        unread++;
        const { message } = check.error;
        // Many blobs may need the same key.
        if (!missingKeys.has(message)) log.error({ blob: blob.name, reason: message }, 'a file could not be read to check it; it is tried again in a day');
        if (check.error instanceof MasterKeyMissing) missingKeys.add(message);
      } else {
        if (check.state === 'faulty') log.error({ blob: blob.name, fault: check.fault }, 'the bytes of a file are not what was stored');
        checkedBytes.inc(blob.size);
        bytes += blob.size;
      }
      refusals.note(check);
    }
  };
}
