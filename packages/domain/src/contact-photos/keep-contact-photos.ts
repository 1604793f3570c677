import type { Tx } from '@aerogram/storage';

import { listContactPhotoIds } from '../contacts/index.ts';
import { CONTACT_PHOTOS, dropKept, keepFirst, listKeptIds } from '../collections/index.ts';

/** Keeps the photos that a user has set for contacts now, and no others. The box of the user must be locked. */
export async function keepContactPhotos(tx: Tx, ownerId: bigint): Promise<void> {
  const place = { ownerId, list: CONTACT_PHOTOS };
  const [kept, wanted] = [await listKeptIds(tx, place), new Set(await listContactPhotoIds(tx, ownerId))];
  await dropKept(tx, place, kept.filter((id) => !wanted.has(id)));
  for (const id of wanted) if (!kept.includes(id)) await keepFirst(tx, place, id);
}
