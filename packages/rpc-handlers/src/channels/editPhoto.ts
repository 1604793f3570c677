import { defineMethod } from '@aerogram/rpc';

import { NOTICE_QUOTAS } from '../quotas.ts';
import { accessChannel, actingAs, answerChannel } from './channel-call.ts';

export const editPhoto = defineMethod({
  method: 'channels.editPhoto',
  access: ['user', 'bot'],
  cost: 10,
  quotas: ['unsentFiles', ...NOTICE_QUOTAS],
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input, photo }) {
    const { channelId, peerId, row } = await accessChannel(ctx, input);
    const wanted = await ctx.domain.files.photos.doPrepareChatPhoto(ctx.userId, photo, row.photo_id);
    return answerChannel(ctx, peerId, await ctx.domain.channels.at(channelId).settings.doEditPhoto(actingAs(ctx), wanted));
  },
});
