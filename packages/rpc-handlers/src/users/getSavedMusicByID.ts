import { defineMethod } from '@aerogram/rpc';

export const getSavedMusicByID = defineMethod({
  method: 'users.getSavedMusicByID',
  access: 'user',
  cost: 2,
  repeat: 'read',
  empty: 'files',
  handler: async (ctx, { id }) => {
    await ctx.domain.peers.accessInputUser(ctx.userId, id);
    return { _: 'users.savedMusic', count: 0, documents: [] };
  },
});
