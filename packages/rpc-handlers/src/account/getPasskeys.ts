import { defineMethod } from '@aerogram/rpc';

export const getPasskeys = defineMethod({
  method: 'account.getPasskeys',
  access: 'user',
  cost: 2,
  repeat: 'read',
  handler: async (ctx) => ({ _: 'account.passkeys', passkeys: await ctx.domain.auth.passkeys.listPasskeys(ctx.userId) }),
});
