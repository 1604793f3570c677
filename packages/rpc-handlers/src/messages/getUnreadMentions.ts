import { given } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { answerUnseenPosts } from '../channels/answer-posts.ts';
import { accessPart } from './access-part.ts';
import { answerHistory } from './answer-messages.ts';

export const getUnreadMentions = defineMethod({
  method: 'messages.getUnreadMentions',
  access: 'user',
  cost: 1,
  repeat: 'read',
  elsewhere: { peer: 'works' },
  async handler(ctx, req): Promise<tl.messages.Messages> {
    const { messages, peers } = ctx.domain;
    const peer = await peers.accessInputPeerOrFormer(ctx.userId, req.peer);
    const part = await accessPart(ctx, peer, given(req.top_msg_id));
    if (peer.kind === 'channel') return answerUnseenPosts(ctx, peer.channelId, req, { table: 'unread_mentions', part });
    const { peerId } = peer;
    return answerHistory(ctx, { peerId, only: 'unread_mentions' }, req, () => messages.countUnreadMentions(ctx.userId, peerId));
  },
});
