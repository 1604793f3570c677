import { type Database, defineStatement, type Tx } from '@aerogram/storage';

import { THUMB_BIT } from './document-id.ts';

/** A message that refers to documents. */
export interface FilePlace {
  /** The owner of the box, or the marked id of the channel. */
  ownerId: bigint;
  msgId: number;
  /** The marked peer for which the message is scheduled; absent for messages that were sent. */
  scheduledPeerId?: bigint;
}

/** A message and the documents that it refers to. */
export interface MessageFiles extends FilePlace {
  documentIds: readonly bigint[];
}

const insertRows = defineStatement(
  'insert_message_files',
  `INSERT INTO message_files (owner_id, scheduled_peer_id, msg_id, document_id)
   SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::bigint[]) ON CONFLICT DO NOTHING`,
);

// A document that loses a reference is noted by a row of its own, not in a row of the document, so that deletions never wait for each other. The row
// has the uploader and the size, because the document may count for the limit of its uploader now. OFFSET 0 makes PostgreSQL look each document up
// by its key, whatever it expects of the size of `gone`.
/**
 * SQL that ends a statement which has deleted references: `gone` must be its common table expression with the ids of the documents and polls that lost one. A poll that no message
 * has keeps no files, so they may have lost one with it.
 */
export const NOTE_RELEASES = `INSERT INTO file_releases (document_id, uploader_id, size)
   SELECT g.document_id, u.uploader_id, u.size
     FROM (SELECT document_id FROM gone UNION
           SELECT p.document_id FROM (SELECT DISTINCT document_id FROM gone) d CROSS JOIN LATERAL (SELECT f.document_id FROM poll_files f WHERE f.poll_id = d.document_id OFFSET 0) p) g
     LEFT JOIN LATERAL (SELECT d.uploader_id, b.size FROM documents d JOIN blobs b USING (identity) WHERE d.document_id = g.document_id OFFSET 0) u ON true`;

/**
 * SQL that ends a statement which has deleted rows that keep documents with their thumbnails: `removed` must be its common table expression with the ids of the documents. A release of a thumbnail
 * that does not exist does no harm. The result is one row, with their number as `removed`.
 */
export const RELEASE_REMOVED = `gone AS (SELECT unnest(ARRAY[document_id, document_id # ${THUMB_BIT}]) AS document_id FROM removed),
   noted AS (${NOTE_RELEASES})
   SELECT count(*)::integer AS removed FROM removed`;

const deleteRows = defineStatement(
  'delete_message_files',
  `WITH gone AS (
     DELETE FROM message_files f USING unnest($1::bigint[], $2::bigint[], $3::integer[]) AS w (w_owner, w_peer, w_msg)
      WHERE f.owner_id = w.w_owner AND f.scheduled_peer_id = w.w_peer AND f.msg_id = w.w_msg RETURNING document_id)
   ${NOTE_RELEASES}`,
);

const deleteSlice = defineStatement<{ removed: number }>(
  'delete_owner_files',
  `WITH gone AS (
     DELETE FROM message_files WHERE ctid = ANY (ARRAY(SELECT ctid FROM message_files WHERE owner_id = $1 LIMIT $2)) RETURNING document_id),
   noted AS (${NOTE_RELEASES})
   SELECT count(*)::integer AS removed FROM gone`,
);

const columnsOf = (places: readonly FilePlace[]): [bigint[], bigint[], number[]] => [
  places.map(({ ownerId }) => ownerId),
  places.map(({ scheduledPeerId }) => scheduledPeerId ?? 0n),
  places.map(({ msgId }) => msgId),
];

function valuesOf(messages: readonly MessageFiles[]): [bigint[], bigint[], number[], bigint[]] {
  const rows = messages.flatMap(({ documentIds, ...place }) => documentIds.map((documentId) => ({ ...place, documentId })));
  return [...columnsOf(rows), rows.map(({ documentId }) => documentId)];
}

/** Writes the references of new messages, together with the COMMIT. */
export function addMessageFilesLast(tx: Tx, messages: readonly MessageFiles[]): void {
  if (messages.length === 0) return;
  const values = valuesOf(messages);
  if (values[0].length > 0) tx.runLast(insertRows, values);
}

/** Writes the references of messages. */
export async function addMessageFiles(tx: Tx, messages: readonly MessageFiles[]): Promise<void> {
  const values = valuesOf(messages);
  if (values[0].length > 0) await tx.run(insertRows, values);
}

/** Deletes the references of messages that are deleted. */
export async function dropMessageFiles(tx: Tx, places: readonly FilePlace[]): Promise<void> {
  if (places.length > 0) await tx.run(deleteRows, columnsOf(places));
}

/**
 * Deletes a slice of the references of a box or channel that is deleted.
 * @param ownerId the owner of the box, or the marked id of the channel
 * @returns the number of deleted rows
 */
export async function dropOwnerFiles(tx: Tx, ownerId: bigint, limit: number): Promise<number> {
  return (await tx.run(deleteSlice, [ownerId, limit])).rows[0]?.removed ?? 0;
}

const listOfDocument = defineStatement<{ msg_id: number }>(
  'list_messages_of_document',
  'SELECT msg_id FROM message_files WHERE document_id = $1 AND owner_id = $2 AND scheduled_peer_id = 0 ORDER BY msg_id LIMIT $3',
);

/** Lists the messages of a box, or of a channel by its marked id, that have a document or a poll, the oldest first. */
export async function listMessagesOfDocument(db: Pick<Database, 'run'>, { boxId, documentId, limit }: { boxId: bigint; documentId: bigint; limit: number }): Promise<number[]> {
  return (await db.run(listOfDocument, [documentId, boxId, limit])).rows.map((row) => row.msg_id);
}

const listOfMessages = defineStatement<{ document_id: bigint }>(
  'list_documents_of_messages',
  'SELECT DISTINCT document_id FROM message_files WHERE owner_id = $1 AND scheduled_peer_id = 0 AND msg_id = ANY ($2::integer[])',
);

/** Lists the documents and polls of messages of a box, or of a channel by its marked id. */
export async function listDocumentsOf(db: Pick<Database, 'run'>, boxId: bigint, msgIds: readonly number[]): Promise<bigint[]> {
  return msgIds.length === 0 ? [] : (await db.run(listOfMessages, [boxId, msgIds])).rows.map((row) => row.document_id);
}
