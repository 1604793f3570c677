import { type BlobStore, BlobStoreUnavailable } from '@aerogram/blob';
import type { Database } from '@aerogram/storage';

import type { DomainDeps } from '../shared/index.ts';
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

/** How long it may take until a server notices that its store was given to another one, in milliseconds. */
const OWNED_MS = 60_000;

/**
 * Creates a check that comes before each write to the store: what a server writes to the store of another one, that one takes for leftovers and deletes. The
 * answer of the store is used for a minute.
 * @returns a function that throws BlobStoreUnavailable when the store belongs to another server, and as {@link doClaimStore}
 */
export function createOwnerCheck({ db, clock, log, fileStorage: { store } }: Pick<DomainDeps, 'db' | 'clock' | 'log' | 'fileStorage'>): () => Promise<void> {
  let ownedAtMs: number | undefined;
  return async () => {
    const nowMs = clock.monotonicMs();
    if (ownedAtMs !== undefined && nowMs - ownedAtMs < OWNED_MS) return;
    const { owner, isOurs } = await doClaimStore({ db, store });
    ownedAtMs = isOurs ? nowMs : undefined;
    if (isOurs) return;
    log.error({ owner }, 'the store of files belongs to another server: nothing is written to it');
    throw new BlobStoreUnavailable('the store of files belongs to another server');
  };
}

async function ensureId(db: StoreClaim['db']): Promise<string> {
  const known = await findFilesOwner(db);
  if (known !== undefined) return known;
  await db.transact('create-files-owner', (tx) => createFilesOwner(tx));
  return (await findFilesOwner(db))!;
}
