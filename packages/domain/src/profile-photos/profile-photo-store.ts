import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { photoColumns } from '../peers/index.ts';

/** Writes which photo others see beside a user's name; undefined: none. */
export async function saveCurrentPhoto(tx: Tx, userId: bigint, photo: tl.photo | undefined): Promise<void> {
  await tx.q.updateTable('users').set(photoColumns(photo)).where('user_id', '=', userId).execute();
}

/** Writes which photo those see who may not see the others; undefined: none. */
export async function saveFallbackPhoto(tx: Tx, userId: bigint, photo: tl.photo | undefined): Promise<void> {
  const { photo_id: fallback_photo_id, photo_stripped: fallback_photo_stripped, photo_has_video: fallback_photo_has_video } = photoColumns(photo);
  await tx.q.updateTable('users').set({ fallback_photo_id, fallback_photo_stripped, fallback_photo_has_video }).where('user_id', '=', userId).execute();
}
