import { HASH_BYTES } from '@aerogram/blob';
import { type Database, defineStatement, RunAgain, type Tx } from '@aerogram/storage';

import { claimBlob, noteOwnStray } from './stray-store.ts';

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

/** The columns of {@link BlobRow}. */
export interface BlobColumns {
  identity: Uint8Array;
  name: string;
  size: bigint;
  wrapped_key: Uint8Array;
  is_deleted: boolean;
}

/** {@link BlobColumns} of `blobs b`. */
export const BLOB_COLUMNS = 'b.identity, b.name, b.size, b.wrapped_key, b.deleted_date IS NOT NULL AS is_deleted';

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

/** The row of a blob as code uses it. Pure. */
export function blobOf({ identity, name, size, wrapped_key: wrappedKey, is_deleted: isDeleted }: BlobColumns): BlobRow {
  return { identity, name, size: Number(size), wrappedKey, isDeleted };
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

const lockToCollect = defineStatement<{ name: string }>('lock_blob_to_collect', 'SELECT name FROM blobs WHERE identity = $1 FOR UPDATE');

// A statement of its own, so that it sees the documents that were added while the lock was waited for.
const removeUnused = defineStatement<{ name: string; is_deleted: boolean }>(
  'remove_unused_blob',
  `DELETE FROM blobs WHERE identity = $1 AND NOT EXISTS (SELECT FROM documents WHERE identity = $1) AND NOT EXISTS (SELECT FROM secret_files WHERE identity = $1)
   RETURNING name, deleted_date IS NOT NULL AS is_deleted`,
);

/**
 * Deletes a blob that no file has any more.
 * @returns its name, if its bytes can be deleted after the commit; until then it is noted as a stray
 */
export async function removeUnusedBlob(tx: Tx, identity: Uint8Array, nowDate: number): Promise<string | undefined> {
  await tx.run(lockToCollect, [identity]);
  const [blob] = (await tx.run(removeUnused, [identity])).rows;
  // The bytes of one that an operator has deleted are gone.
  if (blob === undefined || blob.is_deleted) return undefined;
  await noteOwnStray(tx, blob.name, nowDate);
  return blob.name;
}
