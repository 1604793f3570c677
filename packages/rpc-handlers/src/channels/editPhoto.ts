import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessChannel, actingAs, answerChannel } from './channel-call.ts';

export const editPhoto = defineMethod({
  method: 'channels.editPhoto',
  access: ['user', 'bot'],
  cost: 2,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input, photo }) {
    const { channelId, peerId } = await accessChannel(ctx, input);
    // Nobody can have uploaded a photo yet.
    if (photo._ !== 'inputChatPhotoEmpty') throw rpcError('PHOTO_INVALID');
    return answerChannel(ctx, peerId, await ctx.domain.channels.at(channelId).settings.doRemoveLook(actingAs(ctx)));
  },
});
