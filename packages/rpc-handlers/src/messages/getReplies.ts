import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { answerReplies } from '../channels/answer-posts.ts';

export const getReplies = defineMethod({
  method: 'messages.getReplies',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, req) {
    const peer = await ctx.domain.peers.accessInputPeer(ctx.userId, req.peer);
    if (peer.kind !== 'channel') throw rpcError('PEER_ID_INVALID');
    return answerReplies(ctx, peer.channelId, req);
  },
});
