import { BlobKeyUnreadable, type BlobCheck, type BlobStore, checkBlob, type KnownBlob, type MasterKeys } from '@aerogram/blob';
import { pagesOf } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { type CheckableBlob, countMessagesOfBlob, findBlobToCheck, listBlobs, type NamedBlob, saveBlobCheck } from './blob-check-store.ts';

/** Blobs whose names are read at once. */
const PAGE = 500;
/** The reads that a check of all blobs has under way at once. */
const PARALLEL = 8;

/** A blob that is not as its row says. */
export interface FaultyBlob extends NamedBlob {
  /** What is wrong, for the operator. */
  fault: string;
  /** In how many boxes and channels a message has the file. */
  messages: number;
}

/** Where blobs and the rows about them are. */
export interface BlobPlaces {
  db: Pick<Database, 'run' | 'transact'>;
  store: BlobStore;
  keys: Pick<MasterKeys, 'unwrap'>;
}

/** What a check found, in words; undefined if the blob is sound. Pure. */
function faultOf(found: BlobCheck): string | undefined {
  switch (found.state) {
    case 'sound':
      return undefined;
    case 'missing':
      return 'missing';
    case 'wrong-size':
      return `${found.size} bytes long`;
    case 'damaged':
      return `damaged in block ${found.blocks.join(', ')}`;
  }
}

/** What is wrong with the content of a blob. A disk that cannot read one blob may read the others. */
async function findFault(store: BlobStore, blob: KnownBlob): Promise<string | undefined> {
  try {
    return faultOf(await checkBlob(store, blob));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EIO') return 'not readable (EIO)';
    throw error;
  }
}

/**
 * Reads a blob, compares it with its hashes, and notes the outcome in its row.
 * @param nowDate unix seconds
 * @returns what is wrong with it; undefined if it is sound
 */
export async function checkContent({ db, store, keys }: BlobPlaces, { wrappedKey, ...blob }: CheckableBlob, nowDate: number): Promise<string | undefined> {
  const key = await keys.unwrap(wrappedKey).catch((error: unknown) => {
    if (error instanceof BlobKeyUnreadable) return error;
    throw error;
  });
  const fault = key instanceof BlobKeyUnreadable ? key.message : await findFault(store, { ...blob, key });
  await db.transact('save-blob-check', (tx) => saveBlobCheck(tx, blob.name, { date: nowDate, fault }));
  return fault;
}

/** How all blobs are checked. */
export interface CheckOptions {
  /** Reads every byte and compares it with the hashes, instead of asking only for the size. */
  readsContent: boolean;
  /** Unix seconds, noted with what was read. */
  nowDate: number;
  /** Is told of each blob that was looked at. @param bytes its size */
  onChecked?: (bytes: number) => void;
}

/** Looks for every blob that has a row, and yields those that the store does not have as they should be. */
export async function* findFaultyBlobs(places: BlobPlaces, { readsContent, nowDate, onChecked }: CheckOptions): AsyncGenerator<FaultyBlob> {
  const { db, store } = places;
  const check = async ({ name, size }: NamedBlob): Promise<string | undefined> => {
    if (readsContent) {
      const blob = await findBlobToCheck(db, name);
      return blob && (await checkContent(places, blob, nowDate));
    }
    const found = await store.stat(name);
    return faultOf(found === undefined ? { state: 'missing' } : found.size === size ? { state: 'sound' } : { state: 'wrong-size', size: found.size });
  };
  const pages = pagesOf<NamedBlob>((last) => listBlobs(db, last?.name ?? '', PAGE));
  for await (const blobs of pages) {
    for (let at = 0; at < blobs.length; at += PARALLEL) {
      const some = blobs.slice(at, at + PARALLEL);
      const faults = await Promise.all(some.map(check));
      for (const [index, blob] of some.entries()) {
        onChecked?.(blob.size);
        const fault = faults[index];
        // Somebody may have deleted it since its row was read.
        if (fault === undefined || (await findBlobToCheck(db, blob.name)) === undefined) continue;
        yield { ...blob, fault, messages: await countMessagesOfBlob(db, blob.name) };
      }
    }
  }
}
