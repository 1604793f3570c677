import type { BlobStore } from '@aerogram/blob';
import type { Database } from '@aerogram/storage';

import { removeStray } from './stray-store.ts';

/** Deletes the bytes of a blob that is noted as a stray, and then the note. If the process ends in between, the collection does the rest. */
export async function doRemoveStray({ db, fileStorage: { store } }: { db: Pick<Database, 'transact'>; fileStorage: { store: Pick<BlobStore, 'remove'> } }, name: string): Promise<void> {
  await store.remove(name);
  await db.transact('remove-stray-blob', (tx) => removeStray(tx, name));
}
