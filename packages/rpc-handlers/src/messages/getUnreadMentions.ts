import { refuseChannelsYet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

/** Mentions are not counted yet, so there are never unread ones. */
export const getUnreadMentions = defineMethod({
  method: 'messages.getUnreadMentions',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, req) {
    refuseChannelsYet(await ctx.domain.peers.accessInputPeer(ctx.userId, req.peer));
    return { _: 'messages.messages', messages: [], topics: [], chats: [], users: [] };
  },
});
