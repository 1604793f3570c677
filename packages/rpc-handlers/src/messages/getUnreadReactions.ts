import { refuseChannelsYet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { answerHistory } from './answer-messages.ts';

export const getUnreadReactions = defineMethod({
  method: 'messages.getUnreadReactions',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, req): Promise<tl.messages.Messages> {
    const { peers, reactions } = ctx.domain;
    const { peerId } = refuseChannelsYet(await peers.accessInputPeerOrFormer(ctx.userId, req.peer));
    return answerHistory(ctx, { peerId, only: 'unread_reactions' }, req, () => reactions.countUnread(ctx.userId, peerId));
  },
});
