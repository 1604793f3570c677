import { defineMethod } from '@aerogram/rpc';

import { accessCommentedPeer } from '../access-channel-peer.ts';
import { accessThreadPlace } from '../access-thread-place.ts';
import { answerReplies } from '../channels/answer-posts.ts';

export const getReplies = defineMethod({
  method: 'messages.getReplies',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, req) {
    return answerReplies(ctx, await accessThreadPlace(ctx, await accessCommentedPeer(ctx, req.peer), req.msg_id), req);
  },
});
