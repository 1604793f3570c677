import { refuseGroupsYet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

/** Mentions are counted in groups; in a private chat every message is for its reader. */
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
