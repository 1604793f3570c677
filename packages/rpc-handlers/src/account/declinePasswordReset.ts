import { defineMethod } from '@aerogram/rpc';

export const declinePasswordReset = defineMethod({
  method: 'account.declinePasswordReset',
  access: 'user',
  cost: 20,
  repeat: 'idempotent',
  handler: async (ctx) => {
    await ctx.domain.auth.doDeclineReset(ctx.userId);
    return true;
  },
});
