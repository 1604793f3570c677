import { hash } from 'node:crypto';

import { HASH_BYTES } from '@aerogram/blob';
import { type Database, defineStatement, RunAgain, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';

import { claimBlob } from './stray-store.ts';

/** The content of a file in the blob store. */
export interface BlobRow {
  /** SHA-256 over the size and the SHA-256 hashes of the blocks. */
  identity: Uint8Array;
  /** Name in the blob store. */
  name: string;
  /** Bytes. */
  size: number;
  /** The blob's key, encrypted with a master key. */
  wrappedKey: Uint8Array;
  /** Whether an operator has deleted it, so that it has no bytes. */
  isDeleted?: boolean;
}

/** A blob to store, with the hashes that are read only where they are needed. */
export interface NewBlob extends BlobRow {
  /** SHA-256 hashes of the blocks, one after the other. */
  blockHashes: Uint8Array;
  /** SHA-256 of the whole content; null if it was not computed. */
  sha256: Uint8Array | null;
  dcId: number;
}

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

interface BlobColumns {
  identity: Uint8Array;
  name: string;
  size: bigint;
  wrapped_key: Uint8Array;
  is_deleted: boolean;
}

/** Length of {@link hashBody}, in bytes. */
const BODY_HASH_BYTES = 16;

interface FileColumns extends BlobColumns {
  document_id: bigint;
  uploader_id: bigint;
  body: Uint8Array;
}

const BLOB_COLUMNS = 'b.identity, b.name, b.size, b.wrapped_key, b.deleted_date IS NOT NULL AS is_deleted';

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

const lockBlobRow = defineStatement<BlobColumns>('lock_blob', `SELECT ${BLOB_COLUMNS} FROM blobs b WHERE b.identity = $1 AND b.deleted_date IS NULL FOR SHARE`);

const readBlobRow = defineStatement<BlobColumns & { fault: string | null }>('find_blob', `SELECT ${BLOB_COLUMNS}, b.fault FROM blobs b WHERE b.identity = $1 AND b.deleted_date IS NULL`);

const replaceBytes = defineStatement('replace_blob', 'UPDATE blobs SET name = $3, wrapped_key = $4, fault = NULL, checked_date = 0, tried_date = 0 WHERE identity = $1 AND name = $2');

// A long file has thousands of hashes; PostgreSQL fetches only those that are asked for.
const readHashes = defineStatement<{ hashes: Uint8Array }>('read_block_hashes', 'SELECT substring(block_hashes FROM $2::integer FOR $3::integer) AS hashes FROM blobs WHERE identity = $1 AND deleted_date IS NULL');

// Content that an operator has deleted and not blocked may come back.
const insertBlobRow = defineStatement(
  'insert_blob',
  `INSERT INTO blobs (identity, name, size, wrapped_key, block_hashes, sha256, dc_id, created_date, checked_date) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
   ON CONFLICT (identity) DO UPDATE
      SET name = excluded.name, wrapped_key = excluded.wrapped_key, block_hashes = excluded.block_hashes, sha256 = excluded.sha256, created_date = excluded.created_date,
          checked_date = excluded.checked_date, fault = NULL, tried_date = 0, deleted_date = NULL
    WHERE blobs.deleted_date IS NOT NULL`,
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
  return document._ === 'document' ? { id: row.document_id, uploaderId: row.uploader_id, document, blob: blobOf(row) } : undefined;
}

/** A photo, or undefined for a document. */
function openPhoto(row: FileColumns): StoredPhoto | undefined {
  const photo = decodeFile(row.body);
  return photo._ === 'photo' ? { id: row.document_id, uploaderId: row.uploader_id, photo, blob: blobOf(row) } : undefined;
}

const blobOf = ({ identity, name, size, wrapped_key: wrappedKey, is_deleted: isDeleted }: BlobColumns): BlobRow => ({ identity, name, size: Number(size), wrappedKey, isDeleted });

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

/**
 * The SHA-256 hashes of a blob's blocks, one after the other.
 * @param span.first number of the first block
 * @param span.count the most hashes; fewer come at the end of the blob
 * @returns undefined if the blob is not stored, or an operator has deleted it
 */
export async function findBlockHashes(db: Pick<Database, 'run'>, identity: Uint8Array, { first, count }: { first: number; count: number }): Promise<Uint8Array | undefined> {
  return (await db.run(readHashes, [identity, 1 + first * HASH_BYTES, count * HASH_BYTES])).rows[0]?.hashes;
}

/** The blob of this content, and what a check found wrong with it; undefined if it is not stored, or an operator has deleted it. */
export async function findBlob(db: Pick<Database, 'run'>, identity: Uint8Array): Promise<(BlobRow & { fault: string | null }) | undefined> {
  const [row] = (await db.run(readBlobRow, [identity])).rows;
  return row && { ...blobOf(row), fault: row.fault };
}

/**
 * Points the row of a blob to another encrypted copy of the same content, which was announced and stored before.
 * @param lostName the name of the copy until then; nothing happens if the row names another one
 */
export async function replaceBlob(tx: Tx, lostName: string, { identity, name, wrappedKey }: Pick<BlobRow, 'identity' | 'name' | 'wrappedKey'>): Promise<void> {
  if ((await tx.run(replaceBytes, [identity, lostName, name, wrappedKey])).count > 0) await claimBlob(tx, name);
}

/**
 * Stores a blob that does not exist yet, or that an operator has deleted, and that was announced, and keeps it from being collected until the transaction ends. Another transaction may store the same content first.
 * @returns the blob that is stored
 */
export async function insertBlob(tx: Tx, blob: NewBlob, date: number): Promise<BlobRow> {
  const { count } = await tx.run(insertBlobRow, [blob.identity, blob.name, BigInt(blob.size), blob.wrappedKey, blob.blockHashes, blob.sha256, blob.dcId, date]);
  if (count > 0) await claimBlob(tx, blob.name);
  const kept = await lockBlob(tx, blob.identity);
  // The one that was stored first has been collected since.
  if (kept === undefined) throw new RunAgain();
  return kept;
}

/** Keeps a blob from being collected or deleted until the transaction ends. @returns undefined if it does not exist, or an operator has deleted it */
export async function lockBlob(tx: Tx, identity: Uint8Array): Promise<BlobRow | undefined> {
  const { rows } = await tx.run(lockBlobRow, [identity]);
  return rows[0] && blobOf(rows[0]);
}

/** Stores a document or photo that no message refers to yet. Its blob must be locked. */
export async function insertDocument(tx: Tx, file: StoredDocument | StoredPhoto, date: number): Promise<void> {
  const { id, uploaderId, blob } = file;
  const body = 'photo' in file ? file.photo : file.document;
  await tx.run(insertDocumentRow, [id, blob.identity, uploaderId, storedEncode(body), date, BigInt(blob.size), hashBody(body)]);
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

/** Finds a document that the user has made of this content, preferably one that was not sent. */
export async function findDocumentOfContent(tx: Tx, content: OwnContent): Promise<tl.document | undefined> {
  return (await listFilesOfContent(tx, content)).map(({ file }) => file).find((file) => file._ === 'document');
}
