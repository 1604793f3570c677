import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';
import { UPLOAD_QUOTAS } from '../quotas.ts';
import { accessProfile } from './access-profile.ts';
import { answerPhoto } from './answer-photo.ts';

export const uploadProfilePhoto = defineMethod({
  method: 'photos.uploadProfilePhoto',
  access: ['user', 'bot'],
  cost: 10,
  quotas: UPLOAD_QUOTAS,
  repeat: 'idempotent',
  elsewhere: { bot: 'BOT_INVALID' },
  async handler(ctx, { fallback, bot, ...picture }) {
    const { fallbackPhotos, profilePhotos } = ctx.domain;
    const editor = await accessProfile(ctx, { bot, fallback });
    const photo = fallback === true ? await fallbackPhotos.doUpload(ctx.userId, picture, originOf(ctx)) : await profilePhotos.doUpload(editor, picture);
    return answerPhoto(ctx, editor.userId, photo);
  },
});
