import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { keepOnly, PROFILE_PHOTOS } from '../collections/index.ts';
import { photoColumns } from '../peers/index.ts';

/** Locks the card of somebody elsewhere. @returns the id of the photo at the home of the person; undefined: none */
export async function lockSourcePhoto(tx: Tx, personId: bigint): Promise<bigint | undefined> {
  const row = await tx.q.selectFrom('cards').select('source_photo_id').where('person_id', '=', personId).forNoKeyUpdate().executeTakeFirst();
  return row?.source_photo_id ?? undefined;
}

/** Makes a photo the only one that this home has of somebody elsewhere; undefined: none. The card must be locked. */
export async function saveCardPhoto(tx: Tx, personId: bigint, photo: tl.photo | undefined): Promise<void> {
  const { photo_id, photo_stripped } = photoColumns(photo);
  await keepOnly(tx, { ownerId: personId, list: PROFILE_PHOTOS }, photo?.id);
  await tx.q.updateTable('cards').set({ photo_id, photo_stripped }).where('person_id', '=', personId).execute();
}
