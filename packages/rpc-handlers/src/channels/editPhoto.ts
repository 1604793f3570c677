import { defineMethod } from '@aerogram/rpc';

import { accessChannel, actingAs, answerChannel } from './channel-call.ts';
import { NOTICE_QUOTAS, UPLOAD_QUOTAS } from '../quotas.ts';

export const editPhoto = defineMethod({
  method: 'channels.editPhoto',
  access: ['user', 'bot'],
  cost: 10,
  quotas: [...UPLOAD_QUOTAS, ...NOTICE_QUOTAS],
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input, photo }) {
    const { channelId, peerId, row } = await accessChannel(ctx, input);
    const wanted = await ctx.domain.files.photos.doPrepareChatPhoto(ctx.userId, photo, row.photo_id);
    return answerChannel(ctx, peerId, await ctx.domain.channels.at(channelId).settings.doEditPhoto(actingAs(ctx), wanted));
  },
});
