import { RpcError } from '@aerogram/errors';

import type { DomainDeps } from '../shared/index.ts';
import { type BlobRow, findBlob, type NewBlob, replaceBlob } from './blob-row-store.ts';
import { uploadsMetric } from './file-metrics.ts';
import { createOwnerCheck } from './store-owner.ts';
import { doRemoveStray } from './remove-stray.ts';
import { announceBlob } from './stray-store.ts';

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
   * Puts content into the store, and then adds its row. If the row is not added because the call is refused, the bytes are deleted again.
   * @param create adds the row and what refers to it, in one transaction
   */
  store<T extends { blob: BlobRow }>(content: NewContent, create: () => Promise<T | undefined>): Promise<T | undefined>;
}

/** Creates the writes. */
export function createBlobWrites(deps: Pick<DomainDeps, 'db' | 'clock' | 'log' | 'metrics' | 'fileStorage'>): BlobWrites {
  const { db, clock, metrics, fileStorage: { store } } = deps;
  const checkOwner = createOwnerCheck(deps);
  const uploadsCount = metrics.counter(uploadsMetric);

  /** Until the bytes have a row, they are noted as a stray blob. */
  const putBytes = async ({ name, put }: NewContent): Promise<void> => {
    await checkOwner();
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
      const created = await create().catch(async (error: unknown) => {
        // After any other error, such as a lost connection to the database, the row may be there.
        if (error instanceof RpcError) await doRemoveStray(deps, content.name);
        throw error;
      });
      if (created?.blob.name === content.name) uploadsCount.inc({ content: 'new' });
      // Somebody has stored the same content meanwhile.
      else await doRemoveStray(deps, content.name);
      return created;
    },
  };
}
