import { type Database, defineStatement, type Tx } from '@aerogram/storage';

import { removeUnusedBlob } from '../blobs/index.ts';
import { orderVotePurge, removePoll } from '../polls/index.ts';

// A document that is as old as files are kept does not count for the limit of its uploader, who need not be the one who has deleted it.
const noteRows = defineStatement(
  'note_file_releases',
  `UPDATE file_releases r
      SET since_date = $1, uploader_id = CASE WHEN EXISTS (SELECT FROM documents d WHERE d.document_id = r.document_id AND d.created_date > $2) THEN uploader_id END
    WHERE ctid = ANY (ARRAY(SELECT ctid FROM file_releases WHERE since_date = 0 LIMIT $3))`,
);

const listRows = defineStatement<{ document_id: bigint }>(
  'list_released_documents',
  'SELECT DISTINCT document_id FROM file_releases WHERE since_date > 0 AND since_date <= $1 AND document_id > $2 ORDER BY document_id LIMIT $3',
);

const lockDocument = defineStatement<{ identity: Uint8Array }>('lock_document', 'SELECT identity FROM documents WHERE document_id = $1 FOR UPDATE');

const readUse = defineStatement<{ is_used: boolean; is_recent: boolean }>(
  'read_document_use',
  `SELECT EXISTS (SELECT FROM document_uses WHERE document_id = $1) AS is_used,
          EXISTS (SELECT FROM file_releases WHERE document_id = $1 AND (since_date = 0 OR since_date > $2)) AS is_recent`,
);

const removeReleases = defineStatement('remove_file_releases', 'DELETE FROM file_releases WHERE document_id = $1 AND since_date > 0 AND since_date <= $2');

const removeDocument = defineStatement('remove_document', 'DELETE FROM documents WHERE document_id = $1');

/**
 * Notes for a slice of the rows when they were first seen.
 * @param madeAfterDate documents that were made before do not count for the limit of their uploader any longer
 * @returns the number of rows, 0 if all are noted
 */
export async function noteReleases(tx: Tx, { nowDate, madeAfterDate, limit }: { nowDate: number; madeAfterDate: number; limit: number }): Promise<number> {
  return (await tx.run(noteRows, [nowDate, madeAfterDate, limit])).count;
}

/** Lists documents that lost a reference before a date, or were new then, by id. */
export async function listReleased(db: Pick<Database, 'run'>, beforeDate: number, afterId: bigint, limit: number): Promise<bigint[]> {
  return (await db.run(listRows, [beforeDate, afterId, limit])).rows.map((row) => row.document_id);
}

/**
 * Deletes a document or poll that nothing refers to and that has lost no reference since a date, and its blob if no other document has the same content.
 * @returns the name of the deleted blob, whose bytes can be deleted after the commit; until then it is noted as a stray
 */
export async function collectDocument(tx: Tx, documentId: bigint, { beforeDate, nowDate }: { beforeDate: number; nowDate: number }): Promise<string | undefined> {
  const [document] = (await tx.run(lockDocument, [documentId])).rows;
  const [use] = (await tx.run(readUse, [documentId, beforeDate])).rows;
  await tx.run(removeReleases, [documentId, beforeDate]);
  if (use === undefined || use.is_used || use.is_recent) return undefined;
  if (document === undefined) {
    if (await removePoll(tx, documentId)) await orderVotePurge(tx, documentId);
    return undefined;
  }
  await tx.run(removeDocument, [documentId]);
  return removeUnusedBlob(tx, document.identity, nowDate);
}
