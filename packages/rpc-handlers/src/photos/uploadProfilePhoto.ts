import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../messages/origin.ts';
import { answerPhoto } from './answer-photo.ts';
import { UPLOAD_QUOTAS } from '../quotas.ts';

export const uploadProfilePhoto = defineMethod({
  method: 'photos.uploadProfilePhoto',
  access: 'user',
  cost: 10,
  quotas: UPLOAD_QUOTAS,
  repeat: 'idempotent',
  async handler(ctx, { fallback, bot, ...picture }) {
    if (bot !== undefined) throw rpcError('BOT_INVALID');
    const { fallbackPhotos, profilePhotos } = ctx.domain;
    return answerPhoto(ctx, await (fallback === true ? fallbackPhotos : profilePhotos).doUpload(ctx.userId, picture, originOf(ctx)));
  },
});
