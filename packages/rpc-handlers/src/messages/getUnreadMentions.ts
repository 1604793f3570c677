import { refuseGroupsYet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

/** Mentions are only counted in groups. */
export const getUnreadMentions = defineMethod({
  method: 'messages.getUnreadMentions',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, req) {
    refuseGroupsYet(await ctx.domain.peers.accessInputPeer(ctx.userId, req.peer));
    return { _: 'messages.messages', messages: [], topics: [], chats: [], users: [] };
  },
});
