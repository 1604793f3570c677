import { refuseChannelsYet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

/** Views, forwards and comments are not counted in private chats and basic groups, so each message gets an empty entry. */
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
