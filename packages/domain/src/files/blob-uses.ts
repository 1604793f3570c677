import { type Database, defineStatement } from '@aerogram/storage';

import { decodeFile } from '../documents/index.ts';

type Reads = Pick<Database, 'run'>;

const readByDocument = defineStatement<{ identity: Uint8Array }>('find_blob_of_document', 'SELECT identity FROM documents WHERE document_id = $1');

const countAllUses = defineStatement<{ documents: bigint; messages: bigint; uses: bigint }>(
  'count_blob_uses',
  `SELECT (SELECT count(*) FROM documents WHERE identity = $1) AS documents,
          (SELECT count(*) FROM documents d JOIN message_files f USING (document_id) WHERE d.identity = $1) AS messages,
          (SELECT count(*) FROM documents d JOIN document_uses u USING (document_id) WHERE d.identity = $1) AS uses`,
);

const listBodies = defineStatement<{ document_id: bigint; body: Uint8Array }>(
  'list_documents_of_blob',
  'SELECT document_id, body FROM documents WHERE identity = $1 AND document_id > $2 ORDER BY document_id LIMIT $3',
);

const listOwnContent = defineStatement<{ identity: Uint8Array }>(
  'list_blobs_of_thumbs',
  `SELECT DISTINCT t.identity FROM documents t
    WHERE t.document_id = ANY ($1::bigint[]) AND NOT EXISTS (SELECT FROM documents o WHERE o.identity = t.identity AND o.document_id <> ALL ($1::bigint[]))`,
);

/** The identity of the blob of a document or photo. */
export async function findBlobOfDocument(db: Reads, documentId: bigint): Promise<Uint8Array | undefined> {
  return (await db.run(readByDocument, [documentId])).rows[0]?.identity;
}

/** What refers to a blob. */
export interface BlobUses {
  documents: number;
  /** Each copy in a box counted. */
  messages: number;
  /** Lists that users keep, profiles, and whatever else keeps documents. */
  others: number;
}

/** Counts what refers to a blob. */
export async function countBlobUses(db: Reads, identity: Uint8Array): Promise<BlobUses> {
  const { documents, messages, uses } = (await db.run(countAllUses, [identity])).rows[0]!;
  return { documents: Number(documents), messages: Number(messages), others: Number(uses - messages) };
}

/** A document with a blob, and whether it has a thumbnail. */
export interface DocumentOfBlob {
  documentId: bigint;
  hasThumb: boolean;
}

/** Lists a page of the documents with a blob, ordered by id. */
export async function listDocumentsOfBlob(db: Reads, identity: Uint8Array, page: { afterId: bigint; limit: number }): Promise<DocumentOfBlob[]> {
  const { rows } = await db.run(listBodies, [identity, page.afterId, page.limit]);
  return rows.map(({ document_id: documentId, body }) => {
    const file = decodeFile(body);
    return { documentId, hasThumb: file._ === 'document' && file.thumbs !== undefined };
  });
}

/** Lists the blobs of thumbnails that no other documents use. */
export async function listBlobsOfThumbs(db: Reads, thumbIds: readonly bigint[]): Promise<Uint8Array[]> {
  return (await db.run(listOwnContent, [thumbIds])).rows.map(({ identity }) => identity);
}
