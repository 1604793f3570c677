import { defineMethod } from '@aerogram/rpc';

export const setAuthorizationTTL = defineMethod({
  method: 'account.setAuthorizationTTL',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  handler: async (ctx, { authorization_ttl_days }) => {
    await ctx.domain.auth.devices.doSetDeviceTtl(ctx.userId, ctx.caller.permAuthKeyId, authorization_ttl_days);
    return true;
  },
});
