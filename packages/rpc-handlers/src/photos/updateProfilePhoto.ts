import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../messages/origin.ts';
import { answerPhoto } from './answer-photo.ts';

export const updateProfilePhoto = defineMethod({
  method: 'photos.updateProfilePhoto',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  async handler(ctx, { id, fallback, bot }) {
    const { profilePhotos } = ctx.domain;
    if (bot !== undefined) throw rpcError(fallback === true ? 'BOT_FALLBACK_UNSUPPORTED' : 'BOT_INVALID');
    if (fallback === true) throw rpcError('PHOTO_ID_INVALID');
    if (id._ === 'inputPhoto') return answerPhoto(ctx, await profilePhotos.doSelect(ctx.userId, id, originOf(ctx)));
    await profilePhotos.doDeleteCurrent(ctx.userId, originOf(ctx));
    return answerPhoto(ctx, { _: 'photoEmpty', id: 0n });
  },
});
