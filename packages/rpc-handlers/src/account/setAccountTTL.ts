import { defineMethod } from '@aerogram/rpc';

export const setAccountTTL = defineMethod({
  method: 'account.setAccountTTL',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  handler: async (ctx, { ttl }) => {
    await ctx.domain.auth.doSetAccountTtl({ userId: ctx.userId, authKeyId: ctx.caller.permAuthKeyId }, ttl.days);
    return true;
  },
});
