import { defineMethod } from '@aerogram/rpc';

import { accessChannelPeer } from '../access-channel-peer.ts';
import { answerReplies } from '../channels/answer-posts.ts';

export const getReplies = defineMethod({
  method: 'messages.getReplies',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, req) {
    const { channelId } = await accessChannelPeer(ctx, req.peer);
    return answerReplies(ctx, channelId, req);
  },
});
