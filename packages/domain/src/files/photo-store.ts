import { defineStatement, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { decodeFile } from './document-store.ts';

/** A photo of a user, and whether a message refers to it. */
export interface KnownPhoto {
  photo: tl.photo;
  isSent: boolean;
}

// The lock keeps a photo from being collected until the transaction ends. An uploader who knows the bytes of a photo may have sent them as a document.
const findRows = defineStatement<{ body: Uint8Array; is_sent: boolean }>(
  'find_photo_of_content',
  `SELECT d.body, EXISTS (SELECT FROM document_uses u WHERE u.document_id = d.document_id) AS is_sent FROM documents d
    WHERE d.identity = $1 AND d.uploader_id = $2 ORDER BY is_sent, d.created_date DESC LIMIT 10 FOR SHARE OF d`,
);

/** Finds a photo that the user has made of this content, preferably one that was not sent. */
export async function findPhotoOfContent(tx: Tx, { identity, userId }: { identity: Uint8Array; userId: bigint }): Promise<KnownPhoto | undefined> {
  for (const { body, is_sent: isSent } of (await tx.run(findRows, [identity, userId])).rows) {
    const photo = decodeFile(body);
    if (photo._ === 'photo') return { photo, isSent };
  }
  return undefined;
}
