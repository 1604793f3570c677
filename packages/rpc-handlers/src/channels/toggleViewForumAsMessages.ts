import { isForum } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';
import { accessChannel } from './channel-call.ts';

export const toggleViewForumAsMessages = defineMethod({
  method: 'channels.toggleViewForumAsMessages',
  access: ['user', 'bot'],
  cost: 2,
  repeat: 'idempotent',
  async handler(ctx, { channel, enabled }) {
    const { row, channelId, peerId } = await accessChannel(ctx, channel);
    if (!isForum(row)) throw rpcError('CHANNEL_FORUM_MISSING');
    return ctx.domain.updates.projectAnswer(ctx.userId, await ctx.domain.dialogs.doViewAsMessages(ctx.userId, channelId, enabled, originOf(ctx)), [peerId]);
  },
});
