import { defineMethod } from '@aerogram/rpc';

import { accessChannel, actingAs, answerChannel } from './channel-call.ts';

export const deleteHistory = defineMethod({
  method: 'channels.deleteHistory',
  access: 'user',
  cost: 20,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input, max_id: maxId, for_everyone: isForAll }) {
    const { channelId, peerId } = await accessChannel(ctx, input);
    const { posts } = ctx.domain.channels.at(channelId);
    if (isForAll !== true) return answerChannel(ctx, peerId, await posts.doClear(actingAs(ctx), Math.max(0, maxId)));
    await posts.doDeleteAll(actingAs(ctx), Math.max(0, maxId));
    return answerChannel(ctx, peerId, { updates: [], step: undefined });
  },
});
