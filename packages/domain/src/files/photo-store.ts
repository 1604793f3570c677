import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { listFilesOfContent } from './document-store.ts';

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
