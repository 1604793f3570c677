import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessChannel } from './channel-call.ts';

export const reportSpam = defineMethod({
  method: 'channels.reportSpam',
  access: 'user',
  cost: 20,
  limits: { vectors: { id: 100 } },
  repeat: 'idempotent',
  async handler(ctx, { channel: input, participant, id: msgIds }) {
    const { channelId, peerId } = await accessChannel(ctx, input);
    const author = await ctx.domain.peers.accessInputPeer(ctx.userId, participant);
    if (msgIds.length === 0) throw rpcError('MSG_ID_INVALID');
    if (author.isSelf) throw rpcError('USER_ID_INVALID');
    const messages = await ctx.domain.channels.at(channelId).posts.accessSpam(ctx.userId, author.peerId, msgIds);
    await ctx.domain.reports.doReport({ ownerId: ctx.userId, peerId, messages, reason: 'spam', comment: '' });
    return true;
  },
});
