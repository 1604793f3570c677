import { defineStatement, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { documentIdsOf } from './media-files.ts';

const lockRows = defineStatement('lock_documents_to_keep', 'SELECT FROM documents WHERE document_id = ANY ($1::bigint[]) ORDER BY document_id FOR SHARE');

/**
 * Keeps a document and its thumbnail from being collected until the transaction ends, which adds a reference to them. It must not have locked a blob: the collection
 * locks the document first.
 * @returns whether they are still there
 */
export async function lockToKeep(tx: Tx, document: tl.Document): Promise<boolean> {
  const ids = documentIdsOf({ _: 'messageMediaDocument', document });
  return (await tx.run(lockRows, [ids])).count === ids.length;
}
