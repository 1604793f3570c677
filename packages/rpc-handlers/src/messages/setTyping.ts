import { defineMethod } from '@aerogram/rpc';

/** Typing is shown to whoever is online and never stored (STORAGE-RULES 15); between people of whom one blocked the other, not at all. */
export const setTyping = defineMethod({
  method: 'messages.setTyping',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, req) {
    const peer = await ctx.domain.peers.accessInputPeer(ctx.userId, req.peer);
    const { blocks, blockedBy } = await ctx.domain.users.findRelation(ctx.userId, peer.userId);
    if (!peer.isSelf && !blocks && !blockedBy) {
      ctx.domain.updates.publishTransient(peer.userId, {
        _: 'updateUserTyping',
        user_id: ctx.userId,
        action: req.action,
      });
    }
    return true;
  },
});
