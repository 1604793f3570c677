import { hash } from 'node:crypto';

import { type Database, defineStatement, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';

import { BLOB_COLUMNS, type BlobColumns, blobOf, type BlobRow } from '../blobs/index.ts';
import { withoutFalseSticker } from './prepare-document.ts';

/** A document with its blob. */
export interface StoredDocument {
  id: bigint;
  /** The user who uploaded it. */
  uploaderId: bigint;
  /** Without access hash and file reference. */
  document: tl.document;
  blob: BlobRow;
}

/** A photo with the blob that holds its sizes, one after the other in the order of the TL object. */
export interface StoredPhoto {
  id: bigint;
  /** The user who uploaded it. */
  uploaderId: bigint;
  /** Without access hash and file reference. */
  photo: tl.photo;
  blob: BlobRow;
}

/** Length of {@link hashBody}, in bytes. */
const BODY_HASH_BYTES = 16;

interface FileColumns extends BlobColumns {
  document_id: bigint;
  uploader_id: bigint;
  body: Uint8Array;
}

const findDocumentRows = defineStatement<FileColumns>(
  'find_documents',
  `SELECT d.document_id, d.uploader_id, d.body, ${BLOB_COLUMNS} FROM documents d JOIN blobs b USING (identity) WHERE d.document_id = ANY ($1::bigint[])`,
);

const findByContent = defineStatement<FileColumns & { msg_id: number }>(
  'find_document_by_content',
  `SELECT d.document_id, d.uploader_id, d.body, ${BLOB_COLUMNS}, f.msg_id
     FROM blobs b JOIN documents d USING (identity) JOIN message_files f ON f.document_id = d.document_id AND f.owner_id = $3 AND f.scheduled_peer_id = 0
    WHERE b.sha256 = $1 AND b.size = $2 AND b.deleted_date IS NULL
      AND NOT EXISTS (SELECT FROM blocked_blobs x WHERE x.identity = b.identity)
    ORDER BY f.msg_id DESC LIMIT 100`,
);

const insertDocumentRow = defineStatement(
  'insert_document',
  `WITH added AS (INSERT INTO documents (document_id, identity, uploader_id, body, created_date, body_hash) VALUES ($1, $2, $3, $4, $5, $7))
   INSERT INTO file_releases (document_id, uploader_id, size) VALUES ($1, $3, $6)`,
);

// No lock is needed: a document is deleted only days after it was made. With a lock, the collection, which locks a document first and then its blob,
// and this transaction, which has locked the blob, could wait for each other. An uploader who knows the bytes of a photo may have sent them as a document.
const findOfContent = defineStatement<{ body: Uint8Array; is_sent: boolean }>(
  'find_files_of_content',
  `SELECT d.body, EXISTS (SELECT FROM document_uses u WHERE u.document_id = d.document_id) AS is_sent FROM documents d
    WHERE d.identity = $1 AND d.uploader_id = $2 AND d.created_date > $3 ORDER BY is_sent, d.created_date DESC LIMIT 10`,
);

/** A hash by which documents or photos of the same content are equal if they differ only in id and date. Pure. */
export function hashBody(file: tl.document | tl.photo): Uint8Array {
  return hash('sha256', storedEncode({ ...file, id: 0n, date: 0 }), 'buffer').subarray(0, BODY_HASH_BYTES);
}

/** The TL object of a stored document or photo. */
export function decodeFile(body: Uint8Array): tl.document | tl.photo {
  // The cast is safe: insertDocument stores nothing else.
  return storedDecode(body) as tl.document | tl.photo;
}

/** A document, or undefined for a photo. */
function openDocument(row: FileColumns): StoredDocument | undefined {
  const document = decodeFile(row.body);
  return document._ === 'document' ? { id: row.document_id, uploaderId: row.uploader_id, document: withoutFalseSticker(document), blob: blobOf(row) } : undefined;
}

/** A photo, or undefined for a document. */
function openPhoto(row: FileColumns): StoredPhoto | undefined {
  const photo = decodeFile(row.body);
  return photo._ === 'photo' ? { id: row.document_id, uploaderId: row.uploader_id, photo, blob: blobOf(row) } : undefined;
}

async function findFiles<T>(db: Pick<Database, 'run'>, ids: readonly bigint[], open: (row: FileColumns) => T | undefined): Promise<Map<bigint, T>> {
  const { rows } = await db.run(findDocumentRows, [ids]);
  return new Map(rows.flatMap((row) => {
    const file = open(row);
    return file === undefined ? [] : [[row.document_id, file]];
  }));
}

/** Finds documents with their blobs. Ids that do not exist or are those of photos are left out. */
export function findDocuments(db: Pick<Database, 'run'>, ids: readonly bigint[]): Promise<Map<bigint, StoredDocument>> {
  return findFiles(db, ids, openDocument);
}

/** Finds photos with their blobs. Ids that do not exist or are those of documents are left out. */
export function findPhotos(db: Pick<Database, 'run'>, ids: readonly bigint[]): Promise<Map<bigint, StoredPhoto>> {
  return findFiles(db, ids, openPhoto);
}

/** A document in a message of a user's box. */
export interface DocumentInBox {
  stored: StoredDocument;
  msgId: number;
}

/** Lists documents with this content in messages of a user's box, newest first. @param content.sha256 of the whole content */
export async function listDocumentsInBox(db: Pick<Database, 'run'>, ownerId: bigint, content: { sha256: Uint8Array; size: bigint }): Promise<DocumentInBox[]> {
  const { rows } = await db.run(findByContent, [content.sha256, content.size, ownerId]);
  return rows.flatMap((row) => {
    const stored = openDocument(row);
    return stored === undefined ? [] : [{ stored, msgId: row.msg_id }];
  });
}

/** Stores a document or photo that no message refers to yet. Its blob must be locked. */
export async function insertDocument(tx: Tx, file: StoredDocument | StoredPhoto, date: number): Promise<void> {
  const { id, uploaderId, blob } = file;
  const body = 'photo' in file ? file.photo : file.document;
  await tx.run(insertDocumentRow, [id, blob.identity, uploaderId, storedEncode(body), date, BigInt(blob.size), hashBody(body)]);
}

const lockBody = defineStatement<{ body: Uint8Array }>('lock_document_body', 'SELECT body FROM documents WHERE document_id = $1 FOR UPDATE');

const replaceBody = defineStatement('replace_document_body', 'UPDATE documents SET body = $2, body_hash = $3 WHERE document_id = $1');

/** Changes what is said about a document. Copies of it in messages stay as they are. Nothing happens if there is none with this id. */
export async function changeAttributes(tx: Tx, id: bigint, change: (attributes: readonly tl.DocumentAttribute[]) => tl.DocumentAttribute[]): Promise<void> {
  const [row] = (await tx.run(lockBody, [id])).rows;
  const document = row && decodeFile(row.body);
  if (document?._ !== 'document') return;
  const changed = { ...document, attributes: change(document.attributes) };
  await tx.run(replaceBody, [id, storedEncode(changed), hashBody(changed)]);
}

const attachRow = defineStatement('attach_sticker_sets', 'UPDATE documents SET body = $2, body_hash = $3, attached_sets = $4::bigint[] WHERE document_id = $1');

const findAttachedRow = defineStatement<{ attached_sets: bigint[] | null }>('find_attached_sticker_sets', 'SELECT attached_sets FROM documents WHERE document_id = $1');

/** Notes of which sets stickers were put on a new photo or file, and lets it say that there are some. @returns it as it is now; undefined if it is gone */
export async function attachSets<File extends tl.document | tl.photo>(tx: Tx, { id }: File, setIds: readonly bigint[]): Promise<File | undefined> {
  const [row] = (await tx.run(lockBody, [id])).rows;
  if (row === undefined) return undefined;
  const file = decodeFile(row.body);
  const isKnown = file._ === 'document' && file.attributes.some(({ _ }) => _ === 'documentAttributeHasStickers');
  const marked: tl.document | tl.photo = file._ === 'photo' ? { ...file, has_stickers: true } : isKnown ? file : { ...file, attributes: [...file.attributes, { _: 'documentAttributeHasStickers' }] };
  await tx.run(attachRow, [id, storedEncode(marked), hashBody(marked), setIds]);
  // The cast is safe: a row never becomes another kind of file.
  return marked as File;
}

/** The sets of the stickers that were put on a photo or file. */
export async function findAttachedSets(db: Pick<Database, 'run'>, id: bigint): Promise<bigint[]> {
  return (await db.run(findAttachedRow, [id])).rows[0]?.attached_sets ?? [];
}

/** Content that the user has made something of. */
export interface OwnContent {
  identity: Uint8Array;
  userId: bigint;
  /** It was made after this date, which must be so late that the collection cannot delete it yet. */
  afterDate: number;
}

/** Lists the newest documents and photos that the user has made of this content; first those that no message refers to. */
export async function listFilesOfContent(tx: Tx, { identity, userId, afterDate }: OwnContent): Promise<{ file: tl.document | tl.photo; isSent: boolean }[]> {
  const { rows } = await tx.run(findOfContent, [identity, userId, afterDate]);
  return rows.map(({ body, is_sent: isSent }) => ({ file: decodeFile(body), isSent }));
}

/** Whether a document was made for a sticker set. */
function isOfSet({ attributes }: tl.document): boolean {
  return attributes.some((one) => 'stickerset' in one && one.stickerset._ === 'inputStickerSetID');
}

/** Finds a document that the user has made of this content, preferably one that was not sent; not one that was made for a sticker set. */
export async function findDocumentOfContent(tx: Tx, content: OwnContent): Promise<tl.document | undefined> {
  return (await listFilesOfContent(tx, content)).map(({ file }) => file).find((file): file is tl.document => file._ === 'document' && !isOfSet(file));
}
