import { refuseChannelsYet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

export const getMessagesReactions = defineMethod({
  method: 'messages.getMessagesReactions',
  access: 'user',
  cost: 1,
  limits: { vectors: { id: 100 } },
  repeat: 'read',
  async handler(ctx, req) {
    const { peers, reactions, updates } = ctx.domain;
    const { peerId } = refuseChannelsYet(await peers.accessInputPeerOrFormer(ctx.userId, req.peer));
    return updates.projectAnswer(ctx.userId, await reactions.listUpdates(ctx.userId, peerId, req.id));
  },
});
