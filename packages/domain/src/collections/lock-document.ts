import { type Database, defineStatement, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { documentIdsOf } from '../documents/index.ts';
import { keepUnsent } from '../uploads/index.ts';

const lockRows = defineStatement(
  'lock_documents_to_keep',
  `SELECT FROM documents d JOIN blobs b USING (identity)
    WHERE d.document_id = ANY ($1::bigint[]) AND b.deleted_date IS NULL AND NOT EXISTS (SELECT FROM blocked_blobs x WHERE x.identity = b.identity)
    ORDER BY d.document_id FOR SHARE OF d`,
);

/**
 * Keeps documents and photos from being collected until the transaction ends, which adds a reference to them. It must not have locked a blob: the collection
 * locks the document first.
 * @param ids with those of thumbnails
 * @returns whether all are still there, and operators have neither deleted nor blocked them
 */
export async function lockIdsToKeep(tx: Tx, ids: readonly bigint[]): Promise<boolean> {
  return (await tx.run(lockRows, [ids])).count === ids.length;
}

/** The same for a document and its thumbnail. */
export function lockToKeep(tx: Tx, document: tl.Document): Promise<boolean> {
  return lockIdsToKeep(tx, documentIdsOf({ _: 'messageMediaDocument', document }));
}

/**
 * Lets the time after which unsent documents and photos are deleted begin again, because their uploader gets a new file reference: what it names must be there as long as
 * it is valid.
 * @param ids with those of thumbnails
 * @returns whether all are still there
 */
export async function doRenewUnsent(db: Pick<Database, 'transact'>, ids: readonly bigint[]): Promise<boolean> {
  return db.transact('renew-unsent-files', async (tx) => {
    if (!(await lockIdsToKeep(tx, ids))) return false;
    for (const id of ids) await keepUnsent(tx, id);
    return true;
  });
}
