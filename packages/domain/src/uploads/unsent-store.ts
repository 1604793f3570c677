import { rpcError } from '@aerogram/errors';
import { type Database, defineStatement, isWaitLimit, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { decodeFile, hashBody } from '../documents/index.ts';

/** Documents that one user has uploaded and that are not known to be in a message or a list. */
export interface UnsentFiles {
  documents: number;
  bytes: bigint;
}

const countRows = defineStatement<UnsentFiles>(
  'count_unsent_files',
  'SELECT count(*)::integer AS documents, coalesce(sum(size), 0)::bigint AS bytes FROM (SELECT size FROM file_releases WHERE uploader_id = $1 LIMIT $2) r',
);

// A document that is in a message gets a new row when it loses that reference, so its older rows can be ignored. Of several rows
// of one document that is in no message, one is counted. A document that is as old as files are kept does not count either: when others delete the
// messages of somebody, also old ones, that must not keep the uploader from uploading.
const forgetRows = defineStatement(
  'forget_sent_files',
  `UPDATE file_releases r SET uploader_id = NULL WHERE r.ctid = ANY (ARRAY(SELECT ctid FROM file_releases WHERE uploader_id = $1 LIMIT $3)) AND r.uploader_id = $1
      AND (EXISTS (SELECT FROM document_uses u WHERE u.document_id = r.document_id) OR NOT EXISTS (SELECT FROM documents d WHERE d.document_id = r.document_id AND d.created_date > $2)
           OR EXISTS (SELECT FROM file_releases o WHERE o.document_id = r.document_id AND o.uploader_id IS NOT NULL AND o.ctid < r.ctid))`,
);

/** Limits how long a transaction waits for another one of the same user; less than PostgreSQL lets a statement run. */
const limitWait = defineStatement('limit_uploader_wait', "SELECT set_config('lock_timeout', '2s', true)");
/** Takes the limit of {@link limitWait} away. */
const endWaitLimit = defineStatement('end_uploader_wait', "SELECT set_config('lock_timeout', '0', true)");
/** After how many seconds a client should repeat a call that has waited for too long. */
const LOCKED_WAIT_S = 5;

const lockRow = defineStatement('lock_uploader', 'SELECT FROM users WHERE user_id = $1 FOR NO KEY UPDATE');

// The lock keeps a document from being collected until the transaction ends.
const findSameRow = defineStatement<{ body: Uint8Array }>(
  'find_same_unsent_document',
  `SELECT d.body FROM documents d
    WHERE d.identity = $1 AND d.uploader_id = $2 AND d.body_hash = $3 AND d.created_date > $4
      AND NOT EXISTS (SELECT FROM document_uses u WHERE u.document_id = d.document_id)
    ORDER BY d.document_id LIMIT 1 FOR SHARE OF d`,
);

const renewRows = defineStatement('renew_file_releases', 'UPDATE file_releases SET since_date = 0 WHERE document_id = $1');

const endRows = defineStatement('end_file_releases', 'UPDATE file_releases SET since_date = 1, uploader_id = NULL WHERE document_id = ANY ($1::bigint[])');

/** Lets documents be collected at once that nothing will refer to; what something refers to stays. */
export async function giveUpUnsent(tx: Tx, documentIds: readonly bigint[]): Promise<void> {
  await tx.run(endRows, [documentIds]);
}

/** Lets the time after which an unsent document is deleted begin again: its uploader is about to send it. The document must be locked. */
export async function keepUnsent(tx: Tx, documentId: bigint): Promise<void> {
  await tx.run(renewRows, [documentId]);
}

/**
 * Lets the transactions that make documents of one user's uploads, or change what is counted of them, run one after the other. A transaction that
 * also locks a blob locks that first.
 * @throws RpcError FLOOD_WAIT_%d when others have held the lock for too long
 */
export async function lockUploader(tx: Tx, userId: bigint): Promise<void> {
  try {
    await Promise.all([tx.run(limitWait, []), tx.run(lockRow, [userId]), tx.run(endWaitLimit, [])]);
  } catch (error) {
    throw isWaitLimit(error) ? rpcError('FLOOD_WAIT_%d', LOCKED_WAIT_S) : error;
  }
}

/**
 * Counts the documents of a user that may be in no message. Some of them may have been sent since, and one may be counted several times.
 * @param most where the count ends
 */
export async function countUnsent(db: Pick<Database, 'run'>, userId: bigint, most: number): Promise<UnsentFiles> {
  return (await db.run(countRows, [userId, most])).rows[0]!;
}

/**
 * Makes the count more exact: documents that are in messages or were made before a date are left out, and the others are counted once. The uploader
 * must be locked.
 * @param limit how many rows are looked at
 */
export async function forgetUncounted(tx: Tx, userId: bigint, { madeAfterDate, limit }: { madeAfterDate: number; limit: number }): Promise<void> {
  await tx.run(forgetRows, [userId, madeAfterDate, limit]);
}

/** Finds a document that differs from this one only in id and date, that the user has made after a date, and that no message refers to. */
export async function findSameUnsent(
  tx: Tx,
  document: tl.document,
  { identity, userId, afterDate }: { identity: Uint8Array; userId: bigint; afterDate: number },
): Promise<tl.document | undefined> {
  const [row] = (await tx.run(findSameRow, [identity, userId, hashBody(document), afterDate])).rows;
  // The cast is safe: the hash of a photo is another one.
  return row && (decodeFile(row.body) as tl.document);
}
