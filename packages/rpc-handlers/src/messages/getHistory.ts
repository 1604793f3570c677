import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { answerPostHistory } from '../channels/answer-posts.ts';
import { answerHistory } from './answer-messages.ts';

export const getHistory = defineMethod({
  method: 'messages.getHistory',
  access: 'user',
  cost: 1,
  repeat: 'read',
  elsewhere: { peer: 'works' },
  async handler(ctx, req): Promise<tl.messages.Messages> {
    const { messages, peers } = ctx.domain;
    const peer = await peers.accessInputPeerOrFormer(ctx.userId, req.peer);
    if (peer.kind === 'channel') return answerPostHistory(ctx, peer.channelId, req);
    const { peerId } = peer;
    return answerHistory(ctx, { peerId }, req, () => messages.countHistory(ctx.userId, peerId));
  },
});
