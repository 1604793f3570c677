import { pageThrough } from '@aerogram/runtime';
import type { Database, Tx } from '@aerogram/storage';

import { markBlobDeleted, saveBlobBlock } from '../blobs/index.ts';
import { thumbIdOf } from '../documents/index.ts';
import { countBlobUses, type BlobUses, type DocumentOfBlob, listBlobsOfThumbs, listDocumentsOfBlob } from './blob-uses.ts';

/** Documents that are read at once. */
const PAGE = 1000;

/** What a deletion has done. */
export interface BlobDeletion {
  /** What still refers to the blob and cannot be loaded any longer. */
  uses: BlobUses;
  /** The blobs of thumbnails that were deleted with it. */
  thumbs: Uint8Array[];
  /** Names of bytes that are to be deleted now; they are noted as strays. */
  names: string[];
  /** Whether the content was not blocked before. */
  isNewlyBlocked: boolean;
}

/** How a blob is deleted. */
export interface BlobDeletionOrder {
  nowDate: number;
  /** Refuses the content from now on, too. */
  blocks: boolean;
  /** Records it in the same transaction. */
  note(tx: Tx): Promise<void>;
}

/**
 * Deletes a blob for an operator, and those of the thumbnails that only documents with this blob have. Messages, lists and profiles stay. Within two seconds no process reads
 * the blob any longer. The caller deletes the bytes.
 * @returns undefined if there is no such blob, or it was deleted before and nothing has changed
 */
export function doDeleteBlob(db: Database, identity: Uint8Array, { nowDate, blocks, note }: BlobDeletionOrder): Promise<BlobDeletion | undefined> {
  return db.transact('delete-blob', async (tx) => {
    const name = await markBlobDeleted(tx, identity, nowDate);
    const isNewlyBlocked = blocks && (await saveBlobBlock(tx, identity, nowDate));
    if (name === undefined && !isNewlyBlocked) return undefined;
    const [thumbs, names] = [[] as Uint8Array[], name === undefined ? [] : [name]];
    for (const thumb of await listOwnThumbs(tx, identity)) {
      const thumbName = await markBlobDeleted(tx, thumb, nowDate);
      if (blocks) await saveBlobBlock(tx, thumb, nowDate);
      if (thumbName === undefined) continue;
      thumbs.push(thumb);
      names.push(thumbName);
    }
    await note(tx);
    return { uses: await countBlobUses(tx, identity), thumbs, names, isNewlyBlocked };
  });
}

/** Lists the blobs of thumbnails that only documents with this blob have: others may show something else. */
async function listOwnThumbs(tx: Tx, identity: Uint8Array): Promise<Uint8Array[]> {
  const thumbIds: bigint[] = [];
  const documents = pageThrough<DocumentOfBlob>((last) => listDocumentsOfBlob(tx, identity, { afterId: last?.documentId ?? 0n, limit: PAGE }));
  for await (const { documentId, hasThumb } of documents) if (hasThumb) thumbIds.push(thumbIdOf(documentId));
  return thumbIds.length === 0 ? [] : listBlobsOfThumbs(tx, thumbIds);
}
