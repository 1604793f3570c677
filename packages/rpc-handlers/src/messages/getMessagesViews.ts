import { refuseChannelsYet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

/** Messages of private chats and basic groups have no views, forwards or comments that are counted: each gets an empty entry. */
export const getMessagesViews = defineMethod({
  method: 'messages.getMessagesViews',
  access: 'user',
  cost: 1,
  limits: { vectors: { id: 100 } },
  repeat: 'read',
  async handler(ctx, req) {
    refuseChannelsYet(await ctx.domain.peers.accessInputPeer(ctx.userId, req.peer));
    return { _: 'messages.messageViews', views: req.id.map(() => ({ _: 'messageViews' })), chats: [], users: [] };
  },
});
