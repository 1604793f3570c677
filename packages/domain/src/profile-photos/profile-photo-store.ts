import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

/** The photo that stands in the row of a user. */
export interface CurrentPhoto {
  id: bigint;
  /** The preview of the photo; undefined if it has none. */
  stripped: Uint8Array | undefined;
}

/** What a user's row says of a photo. Pure. */
export function currentPhotoOf({ id, sizes }: tl.photo): CurrentPhoto {
  return { id, stripped: sizes.find((size) => size._ === 'photoStrippedSize')?.bytes };
}

/** Writes which photo others see beside a user's name; undefined: none. */
export async function saveCurrentPhoto(tx: Tx, userId: bigint, photo: CurrentPhoto | undefined): Promise<void> {
  await tx.q.updateTable('users').set({ photo_id: photo?.id ?? null, photo_stripped: photo?.stripped ?? null }).where('user_id', '=', userId).execute();
}
