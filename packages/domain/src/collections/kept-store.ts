import { type Database, defineStatement, type Tx } from '@aerogram/storage';

import { RELEASE_REMOVED } from '../documents/index.ts';

/** The number of the list with the photos of a user's profile. It stands in file references, as the numbers of KEPT_LISTS do. */
export const PROFILE_PHOTOS = 4;

/** The number of the list with the photo of a group or channel, which is its only entry. The owner is the marked id. */
export const CHAT_PHOTOS = 5;

/** The number of the list with the photo of a user for those who may not see the others, which is its only entry. */
export const FALLBACK_PHOTOS = 6;

/** The number of the list with the photos that a user has set for contacts. */
export const CONTACT_PHOTOS = 7;

/** The number of the list with the documents of the wallpapers that a user has saved. File references do not name it. */
export const WALLPAPERS = 8;

/** The number of the list with the documents of the wallpapers of a user's chats. File references do not name it either. */
export const CHAT_WALLPAPERS = 9;

/** One list of documents that a user keeps. */
export interface KeptPlace {
  ownerId: bigint;
  /** Number of the list. */
  list: number;
}

/** A document of a list, and when it was put at the beginning last; null for what was put there before the server noted that. */
export interface KeptRow {
  document_id: bigint;
  /** Unix time. */
  date: number | null;
}

const listRows = defineStatement<KeptRow>(
  'list_kept_documents',
  'SELECT document_id, date FROM kept_documents WHERE owner_id = $1 AND list = $2 ORDER BY position DESC',
);

const findRow = defineStatement('find_kept_document', 'SELECT 1 FROM kept_documents WHERE owner_id = $1 AND list = $2 AND document_id = $3');

const putFirst = defineStatement(
  'keep_document_first',
  `INSERT INTO kept_documents (owner_id, list, document_id, position, date)
   VALUES ($1, $2, $3, (SELECT coalesce(max(position), 0) + 1 FROM kept_documents WHERE owner_id = $1 AND list = $2), $4)
   ON CONFLICT (owner_id, list, document_id) DO UPDATE SET position = excluded.position, date = excluded.date`,
);

const putAll = defineStatement(
  'order_kept_documents',
  `INSERT INTO kept_documents (owner_id, list, document_id, position)
   SELECT $1, $2, u.id, cardinality($3::bigint[]) - u.place FROM unnest($3::bigint[]) WITH ORDINALITY AS u (id, place)
   ON CONFLICT (owner_id, list, document_id) DO UPDATE SET position = excluded.position`,
);

const removeRows = defineStatement(
  'drop_kept_documents',
  `WITH removed AS (DELETE FROM kept_documents WHERE owner_id = $1 AND list = $2 AND document_id = ANY ($3::bigint[]) RETURNING document_id), ${RELEASE_REMOVED}`,
);

const removeSlice = defineStatement<{ removed: number }>(
  'drop_owner_kept_documents',
  `WITH removed AS (
     DELETE FROM kept_documents WHERE ctid = ANY (ARRAY(SELECT ctid FROM kept_documents WHERE owner_id = $1 LIMIT $2)) RETURNING document_id), ${RELEASE_REMOVED}`,
);

/** Lists the documents in a list with their dates, first one first. */
export async function listKept(db: Pick<Database, 'run'>, { ownerId, list }: KeptPlace): Promise<KeptRow[]> {
  return (await db.run(listRows, [ownerId, list])).rows;
}

/** Lists the ids of the documents in a list, first one first. */
export async function listKeptIds(db: Pick<Database, 'run'>, place: KeptPlace): Promise<bigint[]> {
  return (await listKept(db, place)).map((row) => row.document_id);
}

/** Whether a document is in a list. */
export async function isKept(db: Pick<Database, 'run'>, { ownerId, list }: KeptPlace, documentId: bigint): Promise<boolean> {
  return (await db.run(findRow, [ownerId, list, documentId])).count > 0;
}

/** Puts a document at the beginning of a list, or moves it there. The box of the owner must be locked. @param date Unix time, for lists that show it */
export async function keepFirst(tx: Tx, { ownerId, list }: KeptPlace, documentId: bigint, date?: number): Promise<void> {
  await tx.run(putFirst, [ownerId, list, documentId, date ?? null]);
}

/** Gives a list this order, in which all its documents are, and adds those that are not in it. The box of the owner must be locked. */
export async function keepInOrder(tx: Tx, { ownerId, list }: KeptPlace, documentIds: readonly bigint[]): Promise<void> {
  await tx.run(putAll, [ownerId, list, documentIds]);
}

/** Takes documents out of a list. */
export async function dropKept(tx: Tx, { ownerId, list }: KeptPlace, documentIds: readonly bigint[]): Promise<void> {
  if (documentIds.length > 0) await tx.run(removeRows, [ownerId, list, documentIds]);
}

/** Keeps this document in a list, and no other; undefined: none. The box of the owner must be locked. */
export async function keepOnly(tx: Tx, place: KeptPlace, documentId: bigint | undefined): Promise<void> {
  await dropKept(tx, place, (await listKeptIds(tx, place)).filter((id) => id !== documentId));
  if (documentId !== undefined) await keepFirst(tx, place, documentId);
}

/** Keeps the photo of a group or channel, and no former one; undefined: none. The box of the chat must be locked. @param peerId marked */
export function keepChatPhoto(tx: Tx, peerId: bigint, photoId: bigint | undefined): Promise<void> {
  return keepOnly(tx, { ownerId: peerId, list: CHAT_PHOTOS }, photoId);
}

/** Deletes a slice of the lists of an account that is deleted. @returns the number of deleted rows */
export async function dropAllKept(tx: Tx, ownerId: bigint, limit: number): Promise<number> {
  return (await tx.run(removeSlice, [ownerId, limit])).rows[0]?.removed ?? 0;
}
