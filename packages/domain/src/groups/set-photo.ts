import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { keepChatPhoto, lockIdsToKeep } from '../collections/index.ts';
import { type PhotoColumns, photoColumns } from '../peers/index.ts';

/** Sets the photo of a group or channel in a change of it, and keeps it from being collected; undefined: none. @throws RpcError PHOTO_INVALID (it was collected in the meantime) */
export async function setPhoto(change: { tx: Tx; peerId: bigint; set(columns: PhotoColumns): void }, photo: tl.photo | undefined): Promise<void> {
  if (photo !== undefined && !(await lockIdsToKeep(change.tx, [photo.id]))) throw rpcError('PHOTO_INVALID');
  change.set(photoColumns(photo));
  await keepChatPhoto(change.tx, change.peerId, photo?.id);
}
