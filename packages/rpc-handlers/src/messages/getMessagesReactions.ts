import { defineMethod } from '@aerogram/rpc';

export const getMessagesReactions = defineMethod({
  method: 'messages.getMessagesReactions',
  access: 'user',
  cost: 1,
  limits: { vectors: { id: 100 } },
  repeat: 'read',
  async handler(ctx, req) {
    const { peers, reactions, updates } = ctx.domain;
    const peer = await peers.accessInputPeerOrFormer(ctx.userId, req.peer);
    // Posts of channels have no reactions yet.
    return updates.projectAnswer(ctx.userId, peer.kind === 'channel' ? [] : await reactions.listUpdates(ctx.userId, peer.peerId, req.id));
  },
});
