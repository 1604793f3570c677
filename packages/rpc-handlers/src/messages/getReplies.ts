import { defineMethod } from '@aerogram/rpc';

import { accessCommentedPeer } from '../access-channel-peer.ts';
import { answerReplies } from '../channels/answer-posts.ts';

export const getReplies = defineMethod({
  method: 'messages.getReplies',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, req) {
    const { channelId } = await accessCommentedPeer(ctx, req.peer);
    return answerReplies(ctx, channelId, req);
  },
});
