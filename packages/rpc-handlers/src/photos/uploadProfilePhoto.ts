import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../messages/origin.ts';
import { answerPhoto } from './answer-photo.ts';

export const uploadProfilePhoto = defineMethod({
  method: 'photos.uploadProfilePhoto',
  access: 'user',
  cost: 10,
  quotas: ['unsentFiles'],
  repeat: 'idempotent',
  async handler(ctx, { file, video, video_emoji_markup: markup, fallback, bot }) {
    if (bot !== undefined) throw rpcError('BOT_INVALID');
    // There are no moving photos of profiles yet, and none that are drawn from emoji or stickers.
    if (video !== undefined) throw rpcError('VIDEO_FILE_INVALID');
    if (markup !== undefined) throw rpcError('EMOJI_MARKUP_INVALID');
    if (file === undefined) throw rpcError('PHOTO_FILE_MISSING');
    const { fallbackPhotos, profilePhotos } = ctx.domain;
    return answerPhoto(ctx, await (fallback === true ? fallbackPhotos : profilePhotos).doUpload(ctx.userId, file, originOf(ctx)));
  },
});
