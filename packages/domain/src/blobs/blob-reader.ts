import { BlobMissing, cryptBlob } from '@aerogram/blob';
import { freeBytes } from '@aerogram/crypto';
import { RpcError, rpcError } from '@aerogram/errors';
import { RecentMap } from '@aerogram/runtime';

import type { DomainDeps } from '../shared/index.ts';
import { type BlobRow, findBlob } from './blob-row-store.ts';
import { blobReadFailuresMetric } from './file-metrics.ts';
import { withFileStorage } from './storage-failures.ts';

/** Maximum number of blobs whose rows are cached. */
const PLACES_MAX = 10_000;
/** For how long a cached row of a blob may be used, in milliseconds. A repair by another process gives a blob another name and key, and an operator may delete it. */
export const BLOB_PLACE_MS = 2000;

/** The store has fewer bytes of a blob than its row says. The caller must not take what is there for the end of the file. */
export class BlobTooShort extends Error {
  override name = 'BlobTooShort';
}

/** What never changes about a blob. */
export type BlobContent = Pick<BlobRow, 'identity' | 'size'>;

/** Reads the plain bytes of stored blobs. */
export interface BlobReader {
  /**
   * Reads at most `limit` bytes from `offset`; fewer only at the end of the blob. They belong to the caller, who may free them.
   * @throws RpcError FILE_ID_INVALID (the store has no such blob, or an operator has deleted it); FilesUnavailable; BlobTooShort and others, which clients get as 500, when the same call may succeed later
   */
  read(blob: BlobContent, offset: number, limit: number): Promise<Uint8Array>;
  /** Caches rows of blobs that were read for another purpose. @param atMs monotonic time before they were read */
  remember(blobs: Iterable<BlobRow>, atMs: number): void;
}

/** Creates the reader. */
export function createBlobReader({ db, clock, log, metrics, fileStorage: { store, keys } }: Pick<DomainDeps, 'db' | 'clock' | 'log' | 'metrics' | 'fileStorage'>): BlobReader {
  const failures = metrics.counter(blobReadFailuresMetric);
  const places = new RecentMap<string, { atMs: number; row: Promise<BlobRow | undefined> }>(PLACES_MAX);
  const keyOf = (identity: Uint8Array): string => Buffer.from(identity).toString('base64');

  /** Reads the row of a blob. Calls at the same time share one query. */
  const lookUp = (identity: Uint8Array): Promise<BlobRow | undefined> => {
    const key = keyOf(identity);
    const place = { atMs: clock.monotonicMs(), row: findBlob(db, identity) };
    places.set(key, place);
    place.row.catch(() => {
      if (places.get(key) === place) places.delete(key);
    });
    return place.row;
  };

  const findPlace = (identity: Uint8Array): Promise<BlobRow | undefined> => {
    const known = places.get(keyOf(identity));
    return known !== undefined && clock.monotonicMs() - known.atMs < BLOB_PLACE_MS ? known.row : lookUp(identity);
  };

  const readFrom = async ({ name, wrappedKey }: BlobRow, offset: number, length: number): Promise<Uint8Array> => {
    const [key, bytes] = await Promise.all([keys.unwrap(wrappedKey), store.read(name, offset, length)]);
    if (bytes.length < length) throw new BlobTooShort(`the store has only ${bytes.length} of the ${length} bytes at ${offset} of the blob ${name}`);
    const content = cryptBlob(key, offset, bytes);
    freeBytes(bytes);
    return content;
  };

  /** Reads a part, and once more if the row of the blob has changed since it was cached: an upload of the same content may have repaired the blob. */
  const readPart = async (identity: Uint8Array, offset: number, length: number): Promise<Uint8Array> => {
    const place = await findPlace(identity);
    // The blob was collected, or an operator has deleted it.
    if (place === undefined || place.isDeleted === true) throw rpcError('FILE_ID_INVALID');
    try {
      return await readFrom(place, offset, length);
    } catch (error) {
      const now = await lookUp(identity);
      if (now === undefined || now.isDeleted === true) throw rpcError('FILE_ID_INVALID');
      if (now.name === place.name && Buffer.compare(now.wrappedKey, place.wrappedKey) === 0) throw error;
      return await readFrom(now, offset, length);
    }
  };

  return {
    async read({ identity, size }, offset, limit) {
      const length = Math.min(limit, size - offset);
      if (length <= 0) return new Uint8Array();
      try {
        return await withFileStorage(() => readPart(identity, offset, length));
      } catch (error) {
        // A blob that was deleted is no failure.
        if (error instanceof RpcError) throw error;
        failures.inc({ reason: error instanceof BlobMissing ? 'missing' : error instanceof BlobTooShort ? 'short' : 'other' });
        if (!(error instanceof BlobMissing)) throw error;
        // This happens after the restore of a backup without its blobs. Clients would repeat the call if this were an internal error.
        log.error({ blob: error.blob }, 'the bytes of a file are missing');
        throw rpcError('FILE_ID_INVALID');
      }
    },
    remember(blobs, atMs) {
      for (const blob of blobs) places.set(keyOf(blob.identity), { atMs, row: Promise.resolve(blob) });
    },
  };
}
