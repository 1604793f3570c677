import { defineMethod } from '@aerogram/rpc';

export const checkSearchPostsFlood = defineMethod({
  method: 'channels.checkSearchPostsFlood',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: (ctx, { query }) => Promise.resolve(ctx.domain.publicPosts.projectQuota(ctx.userId, query)),
});
