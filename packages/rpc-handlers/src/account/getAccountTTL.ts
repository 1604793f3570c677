import { defineMethod } from '@aerogram/rpc';

export const getAccountTTL = defineMethod({
  method: 'account.getAccountTTL',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: async (ctx) => ({ _: 'accountDaysTTL', days: await ctx.domain.auth.findAccountTtl(ctx.userId) }),
});
