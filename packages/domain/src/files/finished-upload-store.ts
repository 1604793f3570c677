import { type Database, defineStatement, type Tx } from '@aerogram/storage';

/** An upload, by what its parts name. */
export interface UploadKey {
  userId: bigint;
  fileId: bigint;
}

// A repeat with the same content changes nothing, so that no upload is kept for longer by finishing it again and again.
const saveRow = defineStatement(
  'save_finished_upload',
  `INSERT INTO finished_uploads (user_id, file_id, identity, created_date) VALUES ($1, $2, $3, $4)
   ON CONFLICT (user_id, file_id) DO UPDATE SET identity = excluded.identity, created_date = excluded.created_date
    WHERE finished_uploads.identity <> excluded.identity`,
);

const findRow = defineStatement<{ identity: Uint8Array }>('find_finished_upload', 'SELECT identity FROM finished_uploads WHERE user_id = $1 AND file_id = $2');

const sweepRows = defineStatement('sweep_finished_uploads', 'DELETE FROM finished_uploads WHERE created_date < $1');

/** Records which content an upload had, so that a call which is repeated after its answer was lost finds it. The date stays that of the first call. */
export async function saveFinishedUpload(tx: Tx, { userId, fileId }: UploadKey, identity: Uint8Array, date: number): Promise<void> {
  await tx.run(saveRow, [userId, fileId, identity, date]);
}

/** The identity of the content of an upload that has become a blob. */
export async function findFinishedUpload(db: Pick<Database, 'run'>, { userId, fileId }: UploadKey): Promise<Uint8Array | undefined> {
  return (await db.run(findRow, [userId, fileId])).rows[0]?.identity;
}

/** Forgets uploads that became blobs before a date. */
export async function sweepFinishedUploads(tx: Tx, beforeDate: number): Promise<void> {
  await tx.run(sweepRows, [beforeDate]);
}
