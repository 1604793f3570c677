import { pagesOf } from '@aerogram/runtime';

import { type BlobEntry, BlobMissing } from './blob-store.ts';
import type { DirectoryStore } from './directory-store.ts';
import { codeOf } from './file-io.ts';

/** Blobs that are listed at once. */
const PAGE = 500;
/** Blobs that are copied at the same time; disks handle several requests at once. */
const PARALLEL = 8;

/** Where blobs are copied from and to. */
export interface BlobCopy {
  from: DirectoryStore;
  to: DirectoryStore;
  /** A store that may have some of the blobs already, on the disk of `to`: an older backup. These are linked instead of copied, if their bytes are the same. */
  older?: DirectoryStore | undefined;
  /** Whether a store has the bytes of a blob that were once stored. Asked only when two stores have different bytes for one name; absent: nobody knows. */
  isSound?: ((store: DirectoryStore, name: string) => Promise<boolean>) | undefined;
  /** Is told of each blob. @param bytes its size */
  onCopied?: ((bytes: number) => void) | undefined;
  /** How many are copied at the same time, if not as many as disks can take. */
  parallel?: number | undefined;
}

/**
 * Copies all blobs of a store into another one. On the same disk a blob is not copied but gets a second name (a hard link), which is safe because blobs never change.
 * Of two files with one name and different bytes the sound one is taken, wherever it is; if nobody knows which one that is, `from` is preferred to `older`, and what `to` has stays.
 * Comparing reads both files, which costs no more than the copying that it may save. Blobs that are deleted meanwhile are left out.
 * @returns how many blobs there are in the copy that came from this store, and their bytes
 */
export async function copyBlobs({ from, to, older, isSound, onCopied, parallel = PARALLEL }: BlobCopy): Promise<{ count: number; bytes: number }> {
  const total = { count: 0, bytes: 0 };
  const isBetter = async (one: DirectoryStore, other: DirectoryStore, name: string): Promise<boolean> =>
    isSound !== undefined && (await isSound(one, name)) && !(await isSound(other, name));
  /** The store from which a blob is taken. */
  const chooseSource = async (name: string): Promise<DirectoryStore> => {
    if (older === undefined || !(await older.stat(name))) return from;
    return (await isEqual(from, older, name)) || (await isBetter(older, from, name)) ? older : from;
  };
  const copy = async (name: string): Promise<void> => {
    const source = await chooseSource(name);
    if (isSound !== undefined && (await to.stat(name)) && !(await isEqual(source, to, name)) && (await isBetter(source, to, name))) await to.remove(name);
    const size = (await source.stat(name))?.size;
    if (size === undefined) return;
    await source.give(to, name, size);
    total.count++;
    total.bytes += size;
    onCopied?.(size);
  };
  for await (const page of pagesOf<BlobEntry>((last) => from.list({ after: last?.name ?? '', limit: PAGE }))) {
    for (let at = 0; at < page.length; at += parallel) await Promise.all(page.slice(at, at + parallel).map(({ name }) => copy(name).catch(unlessGone)));
  }
  await to.syncLinks();
  return total;
}

/** Whether two stores have the same bytes. A file that the disk cannot read equals none. */
async function isEqual(one: DirectoryStore, other: DirectoryStore, name: string): Promise<boolean> {
  return await one.hasSameBytes(other, name).catch((error: unknown) => {
    if (codeOf(error) === 'EIO') return false;
    throw error;
  });
}

/** Ignores that a blob was deleted while it was copied. */
function unlessGone(error: unknown): void {
  if (!(error instanceof BlobMissing) && codeOf(error) !== 'ENOENT') throw error;
}
