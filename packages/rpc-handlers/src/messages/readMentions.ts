import { refuseChannelsYet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

/** Mentions are not counted yet, in private chats or in basic groups, so nothing changes. GramJS calls this whenever it marks messages as read. */
export const readMentions = defineMethod({
  method: 'messages.readMentions',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  presence: 'reading',
  async handler(ctx, req) {
    refuseChannelsYet(await ctx.domain.peers.accessInputPeer(ctx.userId, req.peer));
    const { pts } = await ctx.domain.updates.findState(ctx.userId);
    return { _: 'messages.affectedHistory', pts, pts_count: 0, offset: 0 };
  },
});
