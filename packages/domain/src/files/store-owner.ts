import type { BlobStore } from '@aerogram/blob';
import type { Database } from '@aerogram/storage';

import { withFileStorage } from './storage-failures.ts';
import { createFilesOwner, findFilesOwner } from './store-owner-store.ts';

/** A database, and the store that it may use. */
export interface StoreClaim {
  db: Pick<Database, 'run' | 'transact'>;
  store: Pick<BlobStore, 'findOwner' | 'setOwner'>;
}

/** To which database a store belongs. */
export interface StoreOwner {
  /** The id in the store. */
  owner: string;
  /** Whether it is this database's. */
  isOurs: boolean;
}

/**
 * Finds out whether a store belongs to this database. One that belongs to nobody is claimed. A server whose database is not the owner must not delete blobs: it does not know those
 * of the owner, and takes them for leftovers.
 * @throws DiskFull, FilesUnavailable: it could not be found out now
 */
export async function doClaimStore({ db, store }: StoreClaim): Promise<StoreOwner> {
  const ours = await ensureId(db);
  return await withFileStorage(async () => {
    let owner = await store.findOwner();
    if (owner === undefined) {
      await store.setOwner(ours, { replaces: false });
      owner = await store.findOwner();
    }
    if (owner === undefined) throw new Error('the owner that was written to the store of files is not there');
    return { owner, isOurs: owner === ours };
  });
}

/** Makes a store belong to this database, whatever it belonged to. @returns the owner before; undefined if it had none */
export async function doAdoptStore({ db, store }: StoreClaim): Promise<{ before: string | undefined; owner: string }> {
  const owner = await ensureId(db);
  const before = await store.findOwner();
  if (before !== owner) await store.setOwner(owner, { replaces: true });
  return { before, owner };
}

async function ensureId(db: StoreClaim['db']): Promise<string> {
  const known = await findFilesOwner(db);
  if (known !== undefined) return known;
  await db.transact('create-files-owner', (tx) => createFilesOwner(tx));
  return (await findFilesOwner(db))!;
}
