import { newPresentedId } from '@aerogram/cluster';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../shared/index.ts';
import { insertDocument, type StoredDocument, thumbIdOf } from '../documents/index.ts';
import type { BlobRow } from '../blobs/index.ts';
import type { UnsentLimit } from './unsent-limit.ts';
import { findSameUnsent, keepUnsent, lockUploader } from './unsent-store.ts';

/** For how long a document that was not sent is used for the same content again, in seconds: not longer than its file reference is valid. */
export const REUSED_S = 86_400;

/** The thumbnail of a document that is to be made. */
export interface DocumentThumb {
  /** The id for the document, from which that of the thumbnail was derived. */
  documentId: bigint;
  sizes: tl.PhotoSize[];
}

/** A document to add. Its blob must be locked. */
export interface NewDocument {
  userId: bigint;
  blob: BlobRow;
  /** Clean. */
  mimeType: string;
  attributes: tl.DocumentAttribute[];
  thumb: DocumentThumb | undefined;
}

type Deps = Pick<DomainDeps, 'clock' | 'random' | 'config'>;

/** The TL object of a new document, without access hash and file reference. */
export function makeDocument({ clock, random, config }: Deps, { blob, mimeType, attributes, thumb }: Omit<NewDocument, 'userId'>): tl.document {
  return {
    _: 'document',
    id: thumb?.documentId ?? newPresentedId(random, config.homeDcId),
    access_hash: 0n,
    file_reference: new Uint8Array(),
    date: clock.now(),
    mime_type: mimeType,
    size: BigInt(blob.size),
    thumbs: thumb?.sizes,
    dc_id: config.homeDcId,
    attributes,
  };
}

/**
 * Adds the row of a document, unless the user has made the same one a short time ago and not sent it.
 * @returns the document that is there now
 * @throws RpcError FLOOD_WAIT_%d (too many unsent files)
 */
export async function addDocument(tx: Tx, { clock, random, config, unsentLimit }: Deps & { unsentLimit: UnsentLimit }, { userId, blob, mimeType, attributes, thumb }: NewDocument): Promise<StoredDocument> {
  const document = makeDocument({ clock, random, config }, { blob, mimeType, attributes, thumb });
  const { id, date } = document;
  await lockUploader(tx, userId);
  const same = await findSameUnsent(tx, document, { identity: blob.identity, userId, afterDate: date - REUSED_S });
  const stored = { id: same?.id ?? id, uploaderId: userId, document: same ?? document, blob };
  if (same === undefined) {
    await unsentLimit.check(tx, userId, blob.size);
    await insertDocument(tx, stored, date);
  } else {
    await keepDocument(tx, same);
  }
  return stored;
}

/** Lets the time after which an unsent document is deleted begin again, and that of its thumbnail. */
export async function keepDocument(tx: Tx, { id, thumbs }: tl.document): Promise<void> {
  await keepUnsent(tx, id);
  if (thumbs !== undefined) await keepUnsent(tx, thumbIdOf(id));
}
