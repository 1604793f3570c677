import type { Database } from '@aerogram/storage';

import { countUnknownStrays } from './stray-store.ts';

/** So many blobs that the database does not know are never suspicious: leftovers of crashes. */
const STRAYS_MAX = 100;
/** Strays that are at most this share of all blobs in the store are not suspicious either. */
const STRAY_SHARE_MAX = 0.2;

/** So many blobs in the store have no row that they may be another server's, or the database may be the wrong one. */
export interface StrayDoubt {
  /** Blobs in the store that the database has never known. */
  strays: number;
  /** Blobs that have a row. */
  blobs: number;
}

/** Whether the blobs without a row are so many that they are not deleted before an operator has confirmed it; undefined if they are not. */
export async function findStrayDoubt(db: Pick<Database, 'run'>): Promise<StrayDoubt | undefined> {
  const { strays, blobs } = await countUnknownStrays(db);
  return strays > STRAYS_MAX && strays > STRAY_SHARE_MAX * (strays + blobs) ? { strays, blobs } : undefined;
}
