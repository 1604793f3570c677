import { type FinishedUpload, HASHED_FILE_MAX, type PartPlace } from '@aerogram/blob';
import { type Database, defineStatement, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

/** An upload, by what its parts name. */
export interface UploadKey {
  userId: bigint;
  fileId: bigint;
}

/** What is known of an upload that has become a blob. */
export interface EarlierUpload extends Pick<FinishedUpload, 'identity' | 'size' | 'parts' | 'partSize'> {
  /** The checksum that the client sent and the server confirmed; null if the client did not say it. */
  md5: Uint8Array | null;
}

// A repeat with the same content changes nothing, so that no upload is kept for longer by finishing it again and again.
const saveRow = defineStatement(
  'save_finished_upload',
  `INSERT INTO finished_uploads (user_id, file_id, identity, size, parts, part_size, md5, created_date) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
   ON CONFLICT (user_id, file_id) DO UPDATE
      SET identity = excluded.identity, size = excluded.size, parts = excluded.parts, part_size = excluded.part_size, md5 = excluded.md5, created_date = excluded.created_date
    WHERE (finished_uploads.identity, finished_uploads.part_size, finished_uploads.md5) IS DISTINCT FROM (excluded.identity, excluded.part_size, excluded.md5)`,
);

const findRow = defineStatement<{ identity: Uint8Array; size: bigint; parts: number; partSize: number; md5: Uint8Array | null }>(
  'find_finished_upload',
  'SELECT identity, size, parts, part_size AS "partSize", md5 FROM finished_uploads WHERE user_id = $1 AND file_id = $2',
);

const forgetRow = defineStatement('forget_finished_upload', 'DELETE FROM finished_uploads WHERE user_id = $1 AND file_id = $2');

const sweepRows = defineStatement('sweep_finished_uploads', 'DELETE FROM finished_uploads WHERE created_date < $1');

/** Records which content an upload had, so that a call which is repeated after its answer was lost finds it. The date stays that of the first call. */
export async function saveFinishedUpload(tx: Tx, { userId, fileId }: UploadKey, { identity, size, parts, partSize, md5 }: EarlierUpload, date: number): Promise<void> {
  await tx.run(saveRow, [userId, fileId, identity, BigInt(size), parts, partSize, md5, date]);
}

/** An upload that has become a blob. */
export async function findFinishedUpload(db: Pick<Database, 'run'>, { userId, fileId }: UploadKey): Promise<EarlierUpload | undefined> {
  const [row] = (await db.run(findRow, [userId, fileId])).rows;
  return row && { ...row, size: Number(row.size) };
}

/** Forgets an upload, because its id is used for another file. */
export async function forgetFinishedUpload(tx: Tx, { userId, fileId }: UploadKey): Promise<void> {
  await tx.run(forgetRow, [userId, fileId]);
}

/** Forgets uploads that became blobs before a date. */
export async function sweepFinishedUploads(tx: Tx, beforeDate: number): Promise<void> {
  await tx.run(sweepRows, [beforeDate]);
}

/** The checksum by which a call names a file of this size; '' if it names none, or if the file is too long to be read again for it. Pure. */
export function md5Of(file: tl.inputFile | tl.inputFileBig, size: number): string {
  return file._ === 'inputFile' && size <= HASHED_FILE_MAX ? file.md5_checksum.toLowerCase() : '';
}

/** Whether a call can mean an earlier upload, not another file under the same id. Pure. */
export function isSameFile(earlier: EarlierUpload, file: tl.inputFile | tl.inputFileBig): boolean {
  const md5 = md5Of(file, earlier.size);
  return file.parts === earlier.parts && (md5 === '' || (earlier.md5 !== null && md5 === Buffer.from(earlier.md5).toString('hex')));
}

/** Whether an earlier upload had a part of this number and length. Pure. */
export function hadPart({ size, parts, partSize }: EarlierUpload, { part, totalParts }: Pick<PartPlace, 'part' | 'totalParts'>, length: number): boolean {
  if (totalParts !== undefined && totalParts >= 0 && totalParts !== parts) return false;
  return part < parts && length === (part === parts - 1 ? size - part * partSize : partSize);
}
