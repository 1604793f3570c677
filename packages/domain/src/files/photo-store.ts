import { defineStatement, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { decodeFile } from './document-store.ts';

/** A photo of a user, and whether a message refers to it. */
export interface KnownPhoto {
  photo: tl.photo;
  isSent: boolean;
}

// No lock is needed: a document is deleted only days after it was made. With a lock, the collection, which locks a document first and then its blob,
// and this transaction, which has locked the blob, could wait for each other. An uploader who knows the bytes of a photo may have sent them as a document.
const findRows = defineStatement<{ body: Uint8Array; is_sent: boolean }>(
  'find_photo_of_content',
  `SELECT d.body, EXISTS (SELECT FROM document_uses u WHERE u.document_id = d.document_id) AS is_sent FROM documents d
    WHERE d.identity = $1 AND d.uploader_id = $2 AND d.created_date > $3 ORDER BY is_sent, d.created_date DESC LIMIT 10`,
);

/**
 * Finds a photo that the user has made of this content, preferably one that was not sent.
 * @param content.afterDate the photo was made after this date, which must be so late that the collection cannot delete the photo yet
 */
export async function findPhotoOfContent(tx: Tx, { identity, userId, afterDate }: { identity: Uint8Array; userId: bigint; afterDate: number }): Promise<KnownPhoto | undefined> {
  for (const { body, is_sent: isSent } of (await tx.run(findRows, [identity, userId, afterDate])).rows) {
    const photo = decodeFile(body);
    if (photo._ === 'photo') return { photo, isSent };
  }
  return undefined;
}
