import { defineMethod } from '@aerogram/rpc';

import { accessPeerInSight } from './access-messages.ts';
import { reactionsAt } from './reactions-at.ts';

export const getMessagesReactions = defineMethod({
  method: 'messages.getMessagesReactions',
  access: 'user',
  cost: 1,
  limits: { vectors: { id: 100 } },
  repeat: 'read',
  elsewhere: { peer: 'works' },
  async handler(ctx, req) {
    const { reactions, updates } = ctx.domain;
    const peer = await accessPeerInSight(ctx, req.peer);
    const listed = peer.kind === 'user' ? reactions.listUpdates(ctx.userId, peer.peerId, req.id) : reactionsAt(ctx, peer).listUpdates(ctx.userId, req.id);
    return updates.projectAnswer(ctx.userId, await listed);
  },
});
