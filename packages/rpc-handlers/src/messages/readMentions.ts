import { refuseGroupsYet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

/** Private chats have no unread mentions, so nothing changes; GramJS calls this whenever it marks messages as read. */
export const readMentions = defineMethod({
  method: 'messages.readMentions',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  presence: 'reading',
  async handler(ctx, req) {
    refuseGroupsYet(await ctx.domain.peers.accessInputPeer(ctx.userId, req.peer));
    const { pts } = await ctx.domain.updates.findState(ctx.userId);
    return { _: 'messages.affectedHistory', pts, pts_count: 0, offset: 0 };
  },
});
