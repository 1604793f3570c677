import { type Database, defineStatement, type Tx } from '@aerogram/storage';

import { removeUnusedBlob } from '../blobs/index.ts';

/** A file of a secret chat. */
export interface SecretFile {
  id: bigint;
  uploaderId: bigint;
  /** Of the row in `blobs`. */
  identity: Uint8Array;
  /** Bytes. */
  size: number;
  /** Says which key the file was encrypted with; only clients understand it. */
  keyFingerprint: number;
  date: number;
}

interface FileRow {
  file_id: bigint;
  uploader_id: bigint;
  identity: Uint8Array;
  size: bigint;
  key_fingerprint: number;
  created_date: number;
}

const COLUMNS = 'file_id, uploader_id, identity, size, key_fingerprint, created_date';

const findRow = defineStatement<FileRow>('find_secret_file', `SELECT ${COLUMNS} FROM secret_files WHERE file_id = $1`);

const findOfUpload = defineStatement<FileRow>('find_secret_file_of_upload', `SELECT ${COLUMNS} FROM secret_files WHERE identity = $1 AND uploader_id = $2`);

const insertRow = defineStatement(
  'insert_secret_file',
  'INSERT INTO secret_files (file_id, uploader_id, identity, size, key_fingerprint, is_sent, created_date, used_date) VALUES ($1, $2, $3, $4, $5, false, $6, $6)',
);

const countUnsent = defineStatement<{ files: number; bytes: bigint }>(
  'count_unsent_secret_files',
  'SELECT count(*)::integer AS files, COALESCE(sum(size), 0)::bigint AS bytes FROM (SELECT size FROM secret_files WHERE uploader_id = $1 AND NOT is_sent LIMIT $2) AS u',
);

// The lock keeps the file from being collected until the transaction ends.
const markSent = defineStatement<FileRow>('mark_secret_file_sent', `UPDATE secret_files SET is_sent = true, used_date = $2 WHERE file_id = $1 RETURNING ${COLUMNS}`);

const touchNamed = defineStatement(
  'touch_secret_files',
  `UPDATE secret_files SET used_date = $1 WHERE file_id = ANY (ARRAY(
     SELECT f.file_id FROM secret_files f WHERE f.used_date < $2 AND EXISTS (SELECT FROM device_events e WHERE e.file_id = f.file_id) LIMIT $3))`,
);

const listUnnamed = defineStatement<{ file_id: bigint }>('list_unnamed_secret_files', 'SELECT file_id FROM secret_files WHERE used_date < $1 AND file_id > $2 ORDER BY file_id LIMIT $3');

const lockRow = defineStatement<{ identity: Uint8Array }>('lock_secret_file', 'SELECT identity FROM secret_files WHERE file_id = $1 AND used_date < $2 FOR UPDATE');

// A statement of its own, so that it sees the messages that were sent while the lock was waited for.
const removeRow = defineStatement('remove_secret_file', 'DELETE FROM secret_files WHERE file_id = $1 AND NOT EXISTS (SELECT FROM device_events WHERE file_id = $1)');

function fileOf(row: FileRow): SecretFile {
  return { id: row.file_id, uploaderId: row.uploader_id, identity: row.identity, size: Number(row.size), keyFingerprint: row.key_fingerprint, date: row.created_date };
}

/** Finds a file by its id. */
export async function findSecretFile(db: Pick<Database, 'run'>, id: bigint): Promise<SecretFile | undefined> {
  const [row] = (await db.run(findRow, [id])).rows;
  return row && fileOf(row);
}

/** Finds the file that was made of an upload, by the identity that was noted for it. */
export async function findFileOfUpload(tx: Tx, identity: Uint8Array, uploaderId: bigint): Promise<SecretFile | undefined> {
  const [row] = (await tx.run(findOfUpload, [identity, uploaderId])).rows;
  return row && fileOf(row);
}

/** Stores a file that no message names yet. Its blob must be locked. */
export async function insertSecretFile(tx: Tx, file: SecretFile): Promise<void> {
  await tx.run(insertRow, [file.id, file.uploaderId, file.identity, BigInt(file.size), file.keyFingerprint, file.date]);
}

/** Counts the files of a user that were never sent, and their bytes. @param most where the count ends */
export async function countUnsentSecretFiles(tx: Tx, uploaderId: bigint, most: number): Promise<{ files: number; bytes: number }> {
  const { files, bytes } = (await tx.run(countUnsent, [uploaderId, most])).rows[0]!;
  return { files, bytes: Number(bytes) };
}

/** Notes that a message names a file, which is kept from then on. @returns undefined if there is no such file */
export async function markSecretFileSent(tx: Tx, id: bigint, date: number): Promise<SecretFile | undefined> {
  const [row] = (await tx.run(markSent, [id, date])).rows;
  return row && fileOf(row);
}

/** Notes for a slice of the files that messages still name them. @returns how many */
export async function touchSecretFiles(tx: Tx, { nowDate, beforeDate, limit }: { nowDate: number; beforeDate: number; limit: number }): Promise<number> {
  return (await tx.run(touchNamed, [nowDate, beforeDate, limit])).count;
}

/** Lists files that no message was known to name since a date, by id. */
export async function listUnnamedFiles(db: Pick<Database, 'run'>, beforeDate: number, afterId: bigint, limit: number): Promise<bigint[]> {
  return (await db.run(listUnnamed, [beforeDate, afterId, limit])).rows.map((row) => row.file_id);
}

/**
 * Deletes a file that no message names, and its blob.
 * @returns the name of the deleted blob, whose bytes can be deleted after the commit
 */
export async function collectSecretFile(tx: Tx, id: bigint, { beforeDate, nowDate }: { beforeDate: number; nowDate: number }): Promise<string | undefined> {
  const [file] = (await tx.run(lockRow, [id, beforeDate])).rows;
  if (file === undefined || (await tx.run(removeRow, [id])).count === 0) return undefined;
  return removeUnusedBlob(tx, file.identity, nowDate);
}
