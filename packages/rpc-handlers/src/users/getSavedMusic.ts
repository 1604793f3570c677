import { defineMethod } from '@aerogram/rpc';

export const getSavedMusic = defineMethod({
  method: 'users.getSavedMusic',
  access: 'user',
  cost: 2,
  repeat: 'read',
  empty: 'files',
  handler: async (ctx, { id }) => {
    await ctx.domain.peers.accessInputUser(ctx.userId, id);
    return { _: 'users.savedMusic', count: 0, documents: [] };
  },
});
