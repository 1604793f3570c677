import { defineStatement, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { decodeFile, listFilesOfContent } from './document-store.ts';

// The lock keeps the photo from being collected until the transaction ends.
const lockOfContent = defineStatement<{ body: Uint8Array }>(
  'lock_photo_of_content',
  `SELECT d.body FROM documents d JOIN blobs b USING (identity)
    WHERE d.identity = $1 AND d.uploader_id = $2 AND b.deleted_date IS NULL ORDER BY d.document_id LIMIT 1 FOR SHARE OF d`,
);

/** A photo of a user, and whether a message refers to it. */
export interface KnownPhoto {
  photo: tl.photo;
  isSent: boolean;
}

/**
 * Finds a photo that the user has made of this content, preferably one that was not sent.
 * @param content.afterDate the photo was made after this date, which must be so late that the collection cannot delete the photo yet
 */
export async function findPhotoOfContent(tx: Tx, { identity, userId, afterDate }: { identity: Uint8Array; userId: bigint; afterDate: number }): Promise<KnownPhoto | undefined> {
  for (const { file, isSent } of await listFilesOfContent(tx, { identity, userId, afterDate })) if (file._ === 'photo') return { photo: file, isSent };
  return undefined;
}

/**
 * Finds a photo that an uploader who uploads nothing but photos has made of this content, and keeps it from being collected until the transaction ends. The transaction must not
 * have locked a blob: the collection locks the document first.
 */
export async function lockPhotoOfContent(tx: Tx, identity: Uint8Array, uploaderId: bigint): Promise<tl.photo | undefined> {
  const [row] = (await tx.run(lockOfContent, [identity, uploaderId])).rows;
  const file = row && decodeFile(row.body);
  return file?._ === 'photo' ? file : undefined;
}
