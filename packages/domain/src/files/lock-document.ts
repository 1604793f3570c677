import { defineStatement, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { documentIdsOf } from './media-files.ts';

const lockRows = defineStatement(
  'lock_documents_to_keep',
  `SELECT FROM documents d JOIN blobs b USING (identity)
    WHERE d.document_id = ANY ($1::bigint[]) AND b.deleted_date IS NULL AND NOT EXISTS (SELECT FROM blocked_blobs x WHERE x.identity = b.identity)
    ORDER BY d.document_id FOR SHARE OF d`,
);

/**
 * Keeps a document and its thumbnail from being collected until the transaction ends, which adds a reference to them. It must not have locked a blob: the collection
 * locks the document first.
 * @returns whether they are still there, and operators have neither deleted nor blocked them
 */
export async function lockToKeep(tx: Tx, document: tl.Document): Promise<boolean> {
  const ids = documentIdsOf({ _: 'messageMediaDocument', document });
  return (await tx.run(lockRows, [ids])).count === ids.length;
}
