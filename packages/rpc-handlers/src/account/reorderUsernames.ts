import { defineMethod } from '@aerogram/rpc';

/** There are no collectible usernames, so there is only one username and its order is always right. */
export const reorderUsernames = defineMethod({
  method: 'account.reorderUsernames',
  access: 'user',
  cost: 10,
  limits: { vectors: { order: 100 } },
  repeat: 'idempotent',
  handler: async (ctx, { order }) => {
    await ctx.domain.profile.checkUsernameOrder(ctx.userId, order);
    return true;
  },
});
