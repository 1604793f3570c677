import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { actingIn, answerGroup } from './group-call.ts';

export const editChatPhoto = defineMethod({
  method: 'messages.editChatPhoto',
  access: ['user', 'bot'],
  cost: 2,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { chat_id: chatId, photo }) {
    // Nobody can have uploaded a photo yet.
    if (photo._ !== 'inputChatPhotoEmpty') throw rpcError('PHOTO_INVALID');
    return answerGroup(ctx, await ctx.domain.groups.doRemovePhoto(actingIn(ctx, chatId)));
  },
});
