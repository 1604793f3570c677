import { defineMethod } from '@aerogram/rpc';

export const getOutboxReadDate = defineMethod({
  method: 'messages.getOutboxReadDate',
  access: 'user',
  cost: 1,
  repeat: 'read',
  elsewhere: { peer: 'works' },
  async handler(ctx, req) {
    const { peerId } = await ctx.domain.peers.accessUserPeer(ctx.userId, req.peer);
    return { _: 'outboxReadDate', date: await ctx.domain.messages.findReadDate(ctx.userId, peerId, req.msg_id) };
  },
});
