import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

/** Access hashes are not checked: only own photos are deleted, and TDLib says 0. */
export const deletePhotos = defineMethod({
  method: 'photos.deletePhotos',
  access: 'user',
  cost: 10,
  limits: { vectors: { id: 100 } },
  repeat: 'idempotent',
  handler: (ctx, { id }) =>
    ctx.domain.profilePhotos.doDelete({ userId: ctx.userId, actorId: ctx.userId, origin: originOf(ctx) }, id.flatMap((photo) => (photo._ === 'inputPhoto' ? [photo.id] : []))),
});
