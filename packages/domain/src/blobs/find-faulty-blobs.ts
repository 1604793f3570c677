import { BlobKeyUnreadable, type BlobState, type BlobStore, BlobStoreUnavailable, verifyBlob, MasterKeyMissing, type MasterKeys } from '@aerogram/blob';
import { pagesOf } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { type CheckableBlob, countMessagesOfBlob, findBlobToCheck, listBlobs, type NamedBlob, saveBlobAttempt, saveBlobCheck } from './blob-check-store.ts';

/** Blobs whose names are read at once. */
const PAGE = 500;
/** The reads that a check of all blobs has under way at once. */
const PARALLEL = 8;
/** After so many refusals in a row, the store is taken to be away. Blobs that it refuses for good, as S3 does with archived ones, are noted and left out. */
const REFUSALS_IN_ROW = 3;

/** A blob that is not as its row says. */
export interface FaultyBlob extends NamedBlob {
  /** What is wrong, for the operator. */
  fault: string;
  /** In how many messages it is, each copy in a box counted. */
  messages: number;
}

/** Where blobs and the rows about them are. */
export interface BlobPlaces {
  db: Pick<Database, 'run' | 'transact'>;
  store: BlobStore;
  keys: Pick<MasterKeys, 'unwrap'>;
}

/** What a check found, in words; undefined if the blob is sound. Pure. */
function faultOf(found: BlobState): string | undefined {
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

/** Compares the size of a blob with that in its row. */
async function findSize(store: BlobStore, name: string, size: number): Promise<BlobState> {
  const found = await store.stat(name);
  if (found === undefined) return { state: 'missing' };
  return found.size === size ? { state: 'sound' } : { state: 'wrong-size', size: found.size };
}

/** What reading a blob has shown. `unread` says nothing about the blob: the store refused to give it, or its master key is missing. */
export type ContentCheck = { state: 'sound' } | { state: 'faulty'; fault: string } | { state: 'unread'; error: Error };

/** Whether an error is one of the store or of the file system, not of the program. */
const isStoreError = (error: unknown): error is Error => error instanceof BlobStoreUnavailable || typeof (error as NodeJS.ErrnoException).code === 'string';

/** Does a part of a check. A failure says of which kind it is. */
async function attempt(work: () => Promise<string | undefined>): Promise<ContentCheck> {
  try {
    const fault = await work();
    return fault === undefined ? { state: 'sound' } : { state: 'faulty', fault };
  } catch (error) {
    if (error instanceof MasterKeyMissing) return { state: 'unread', error };
    if (error instanceof BlobKeyUnreadable) return { state: 'faulty', fault: error.message };
    // A disk that cannot read one blob may read the others.
    if ((error as NodeJS.ErrnoException).code === 'EIO') return { state: 'faulty', fault: 'not readable (EIO)' };
    if (isStoreError(error)) return { state: 'unread', error };
    throw error;
  }
}

/**
 * Reads a blob, compares it with its hashes, and notes the outcome in its row.
 * @param nowDate unix seconds
 */
export async function checkContent({ db, store, keys }: BlobPlaces, { wrappedKey, ...blob }: CheckableBlob, nowDate: number): Promise<ContentCheck> {
  const check = await attempt(async () => faultOf(await verifyBlob(store, { ...blob, key: await keys.unwrap(wrappedKey) })));
  await db.transact('save-blob-check', (tx) =>
    check.state === 'unread' ? saveBlobAttempt(tx, blob.name, nowDate) : saveBlobCheck(tx, blob.name, { date: nowDate, fault: check.state === 'faulty' ? check.fault : undefined }));
  return check;
}

/** Counts refusals of the store, to tell one that refuses a few blobs from one that does not work. */
export class StoreRefusals {
  #inRow = 0;

  /**
   * Notes the outcome of a check.
   * @throws the error of the store, after so many checks in a row have failed by it
   */
  note(check: ContentCheck): void {
    if (check.state !== 'unread') this.#inRow = 0;
    else if (!(check.error instanceof MasterKeyMissing) && ++this.#inRow === REFUSALS_IN_ROW) throw check.error;
  }
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

/**
 * Looks for every blob that has a row, and yields those that the store does not have as they should be, or refuses.
 * @throws the error of a store that does not work at all
 */
export async function* findFaultyBlobs(places: BlobPlaces, { readsContent, nowDate, onChecked }: CheckOptions): AsyncGenerator<FaultyBlob> {
  const { db, store } = places;
  const refusals = new StoreRefusals();
  const check = async ({ name, size }: NamedBlob): Promise<ContentCheck> => {
    if (!readsContent) return attempt(async () => faultOf(await findSize(store, name, size)));
    const blob = await findBlobToCheck(db, name);
    return blob === undefined ? { state: 'sound' } : checkContent(places, blob, nowDate);
  };
  const pages = pagesOf<NamedBlob>((last) => listBlobs(db, last?.name ?? '', PAGE));
  for await (const blobs of pages) {
    for (let at = 0; at < blobs.length; at += PARALLEL) {
      const some = blobs.slice(at, at + PARALLEL);
      const checks = await Promise.all(some.map(check));
      for (const [index, blob] of some.entries()) {
        onChecked?.(blob.size);
        const found = checks[index]!;
        refusals.note(found);
        // Somebody may have deleted it since its row was read.
        if (found.state === 'sound' || (await findBlobToCheck(db, blob.name)) === undefined) continue;
        const fault = found.state === 'faulty' ? found.fault : `not read: ${found.error.message}`;
        yield { ...blob, fault, messages: await countMessagesOfBlob(db, blob.name) };
      }
    }
  }
}
