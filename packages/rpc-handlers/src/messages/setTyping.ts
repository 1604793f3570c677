import { defineMethod } from '@aerogram/rpc';

/** Typing is shown to whoever is online and never stored (STORAGE-RULES 15). */
export const setTyping = defineMethod({
  method: 'messages.setTyping',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'idempotent',
  async handler(ctx, req) {
    const peer = await ctx.domain.peers.accessInputPeer(ctx.userId, req.peer);
    if (!peer.isSelf) {
      ctx.domain.updates.publishTransient(peer.userId, {
        _: 'updateUserTyping',
        user_id: ctx.userId,
        action: req.action,
      });
    }
    return true;
  },
});
