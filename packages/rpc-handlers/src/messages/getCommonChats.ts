import { defineMethod } from '@aerogram/rpc';

export const getCommonChats = defineMethod({
  method: 'messages.getCommonChats',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'groups',
  handler: async (ctx, { user_id }) => {
    await ctx.domain.peers.accessInputUser(ctx.userId, user_id);
    return { _: 'messages.chats', chats: [] };
  },
});
