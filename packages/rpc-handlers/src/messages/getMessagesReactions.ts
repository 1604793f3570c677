import { defineMethod } from '@aerogram/rpc';

import { accessPeerInSight } from './access-messages.ts';

export const getMessagesReactions = defineMethod({
  method: 'messages.getMessagesReactions',
  access: 'user',
  cost: 1,
  limits: { vectors: { id: 100 } },
  repeat: 'read',
  async handler(ctx, req) {
    const { channels, reactions, updates } = ctx.domain;
    const peer = await accessPeerInSight(ctx, req.peer);
    const listed = peer.kind === 'channel' ? channels.at(peer.channelId).reactions.listUpdates(ctx.userId, req.id) : reactions.listUpdates(ctx.userId, peer.peerId, req.id);
    return updates.projectAnswer(ctx.userId, await listed);
  },
});
