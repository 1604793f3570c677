import { type BlobStore, verifyBlob, type MasterKeys } from '@aerogram/blob';
import type { Database } from '@aerogram/storage';

import { findBlobToCheck } from './blob-check-store.ts';

/**
 * Whether a store, such as a backup, has the bytes of a blob that the database describes. Reads the whole blob, and notes nothing. A blob without a row, or whose key cannot be
 * decrypted, is not known to be sound.
 */
export async function isSoundBlob({ db, store, keys }: { db: Pick<Database, 'run'>; store: BlobStore; keys: Pick<MasterKeys, 'unwrap'> }, name: string): Promise<boolean> {
  const row = await findBlobToCheck(db, name);
  const key = row && (await keys.unwrap(row.wrappedKey).catch(() => undefined));
  if (row === undefined || key === undefined) return false;
  // A disk that cannot read it has no sound bytes.
  return await verifyBlob(store, { ...row, key }).then(({ state }) => state === 'sound', () => false);
}
