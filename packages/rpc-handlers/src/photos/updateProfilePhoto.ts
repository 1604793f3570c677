import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { randomIdOf } from '../messages/group-call.ts';
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
    if (fallback === true) await fallbackPhotos.doDeleteCurrent(ctx.userId, originOf(ctx));
    else await profilePhotos.doDeleteCurrent(ctx.userId, randomIdOf(ctx.caller), originOf(ctx));
    return answerPhoto(ctx, { _: 'photoEmpty', id: 0n });
  },
});
