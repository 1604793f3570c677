import { defineMethod } from '@aerogram/rpc';

/** There are no collectible usernames here, so the one that there is stands where it should. */
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
