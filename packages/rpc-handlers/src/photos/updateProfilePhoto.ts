import { defineMethod } from '@aerogram/rpc';

import { randomIdOf } from '../group-call.ts';
import { originOf } from '../origin.ts';
import { accessProfile } from './access-profile.ts';
import { answerPhoto } from './answer-photo.ts';

export const updateProfilePhoto = defineMethod({
  method: 'photos.updateProfilePhoto',
  access: ['user', 'bot'],
  cost: 10,
  repeat: 'idempotent',
  elsewhere: { bot: 'BOT_INVALID' },
  async handler(ctx, { id, fallback, bot }) {
    const { fallbackPhotos, profilePhotos } = ctx.domain;
    const editor = await accessProfile(ctx, { bot, fallback });
    const { userId } = editor;
    if (id._ === 'inputPhoto') return answerPhoto(ctx, userId, await (fallback === true ? fallbackPhotos.doSelect(userId, id, originOf(ctx)) : profilePhotos.doSelect(editor, id)));
    if (fallback === true) await fallbackPhotos.doDeleteCurrent(userId, originOf(ctx));
    else await profilePhotos.doDeleteCurrent(editor, randomIdOf(ctx.caller));
    return answerPhoto(ctx, userId, { _: 'photoEmpty', id: 0n });
  },
});
