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
    if (bot !== undefined) throw rpcError(fallback === true ? 'BOT_FALLBACK_UNSUPPORTED' : 'BOT_INVALID');
    const { fallbackPhotos, profilePhotos } = ctx.domain;
    const photos = fallback === true ? fallbackPhotos : profilePhotos;
    if (id._ === 'inputPhoto') return answerPhoto(ctx, await photos.doSelect(ctx.userId, id, originOf(ctx)));
    await photos.doDeleteCurrent(ctx.userId, originOf(ctx));
    return answerPhoto(ctx, { _: 'photoEmpty', id: 0n });
  },
});
