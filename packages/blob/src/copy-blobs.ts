import { pagesOf } from '@aerogram/runtime';

import type { BlobEntry } from './blob-store.ts';
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
  /** A store that may have some of the blobs already, on the disk of `to`: an older backup. These are linked instead of copied. */
  older?: DirectoryStore | undefined;
  /** Is told of each blob. @param bytes its size */
  onCopied?: (bytes: number) => void;
}

/**
 * Copies all blobs of a store into another one. On the same disk a blob is not copied but gets a second name (a hard link), which is safe because blobs never change.
 * Blobs that the target has stay as they are; blobs that are deleted meanwhile are left out.
 * @returns how many blobs there are in the copy that came from this store, and their bytes
 */
export async function copyBlobs({ from, to, older, onCopied }: BlobCopy): Promise<{ count: number; bytes: number }> {
  const total = { count: 0, bytes: 0 };
  const copy = async (name: string, size: number): Promise<void> => {
    const isOlder = (await older?.stat(name))?.size === size;
    try {
      await (isOlder && older !== undefined ? older : from).give(to, name, size);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return;
      throw error;
    }
    total.count++;
    total.bytes += size;
    onCopied?.(size);
  };
  for await (const page of pagesOf<BlobEntry>((last) => from.list({ after: last?.name ?? '', limit: PAGE }))) {
    for (let at = 0; at < page.length; at += PARALLEL) await Promise.all(page.slice(at, at + PARALLEL).map(({ name, size }) => copy(name, size)));
  }
  await to.syncLinks();
  return total;
}
