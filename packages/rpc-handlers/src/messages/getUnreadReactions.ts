import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { listMarked } from './list-marked.ts';

export const getUnreadReactions = defineMethod({
  method: 'messages.getUnreadReactions',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, req): Promise<tl.messages.Messages> {
    const { peers, reactions } = ctx.domain;
    const { peerId } = await peers.accessInputPeer(ctx.userId, req.peer);
    return listMarked(ctx, peerId, req, 'unread_reactions', () => reactions.countUnread(ctx.userId, peerId));
  },
});
