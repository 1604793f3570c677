import { defineMethod } from '@aerogram/rpc';

import { NOTICE_QUOTAS } from '../quotas.ts';
import { accessChannel, actingAs, answerChannel } from './channel-call.ts';

export const editTitle = defineMethod({
  method: 'channels.editTitle',
  access: ['user', 'bot'],
  cost: 2,
  limits: { strings: { title: 1024 } },
  quotas: NOTICE_QUOTAS,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input, title }) {
    const { channelId, peerId } = await accessChannel(ctx, input);
    return answerChannel(ctx, peerId, await ctx.domain.channels.at(channelId).settings.doEditTitle(actingAs(ctx), title));
  },
});
