import { defineMethod } from '@aerogram/rpc';

import { accessChannel, actingAs, answerChannel } from './channel-call.ts';

export const toggleSignatures = defineMethod({
  method: 'channels.toggleSignatures',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input, signatures_enabled: shows = false, profiles_enabled: links = false }) {
    const { channelId, peerId } = await accessChannel(ctx, input);
    return answerChannel(ctx, peerId, await ctx.domain.channels.at(channelId).settings.doSetSignatures(actingAs(ctx), { shows, links }));
  },
});
