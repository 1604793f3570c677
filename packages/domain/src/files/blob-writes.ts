import type { DomainDeps } from '../shared/index.ts';
import { type BlobRow, findBlob, type NewBlob, replaceBlob } from './document-store.ts';
import { uploadsMetric } from './file-metrics.ts';
import { announceBlob, removeStray } from './stray-store.ts';

/** Bytes that are about to become a blob, unless there is one of the same content. */
export interface NewContent extends Omit<NewBlob, 'sha256' | 'dcId'> {
  /** Puts the encrypted bytes into the store under their name. */
  put(): Promise<void>;
}

/** Puts content into the blob store. */
export interface BlobWrites {
  /** If the stored bytes of this content are lost or damaged, as after the restore of an older backup, puts these in their place. */
  replaceLostBytes(content: NewContent): Promise<void>;
  /**
   * Puts content into the store, and then adds its row.
   * @param create adds the row and what refers to it
   */
  store<T extends { blob: BlobRow }>(content: NewContent, create: () => Promise<T | undefined>): Promise<T | undefined>;
}

/** Creates the writes. */
export function createBlobWrites({ db, clock, metrics, fileStorage: { store } }: Pick<DomainDeps, 'db' | 'clock' | 'metrics' | 'fileStorage'>): BlobWrites {
  const uploadsCount = metrics.counter(uploadsMetric);

  /** Until the bytes have a row, they are noted as a stray blob. */
  const putBytes = async ({ name, put }: NewContent): Promise<void> => {
    await db.transact('announce-blob', (tx) => announceBlob(tx, name, clock.now()));
    await put();
  };

  return {
    async replaceLostBytes(content) {
      const { identity, name, wrappedKey } = content;
      const state = await findBlob(db, identity);
      if (state === undefined || (state.fault === null && (await store.stat(state.name))?.size === state.size)) return;
      await putBytes(content);
      await db.transact('replace-blob', (tx) => replaceBlob(tx, state.name, { identity, name, wrappedKey }));
      uploadsCount.inc({ content: 'repaired' });
    },
    async store(content, create) {
      await putBytes(content);
      const created = await create();
      // Somebody has stored the same content meanwhile.
      if (created?.blob.name !== content.name) {
        await store.remove(content.name);
        await db.transact('remove-stray-blob', (tx) => removeStray(tx, content.name));
      } else uploadsCount.inc({ content: 'new' });
      return created;
    },
  };
}
