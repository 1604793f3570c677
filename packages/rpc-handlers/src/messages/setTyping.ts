import { defineMethod } from '@aerogram/rpc';

/** Typing is sent to users who are online and never stored (rule S15). */
export const setTyping = defineMethod({
  method: 'messages.setTyping',
  access: ['user', 'bot'],
  cost: 1,
  quotas: ['typing', 'inboundTyping'],
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer, top_msg_id: topMsgId, action }) {
    await ctx.domain.typing.doShow(ctx.userId, await ctx.domain.peers.accessInputPeer(ctx.userId, peer), { action, topMsgId });
    return true;
  },
});
