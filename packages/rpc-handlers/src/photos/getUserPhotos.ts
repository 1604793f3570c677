import { defineMethod } from '@aerogram/rpc';

export const getUserPhotos = defineMethod({
  method: 'photos.getUserPhotos',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'read',
  empty: 'files',
  handler: async (ctx, { user_id }) => {
    await ctx.domain.peers.accessInputUser(ctx.userId, user_id);
    return { _: 'photos.photos', photos: [], users: [] };
  },
});
