import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { photoColumns } from '../peers/index.ts';

/** Writes which photo others see beside a user's name; undefined: none. */
export async function saveCurrentPhoto(tx: Tx, userId: bigint, photo: tl.photo | undefined): Promise<void> {
  await tx.q.updateTable('users').set(photoColumns(photo)).where('user_id', '=', userId).execute();
}
