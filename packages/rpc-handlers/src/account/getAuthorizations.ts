import { defineMethod } from '@aerogram/rpc';

export const getAuthorizations = defineMethod({
  method: 'account.getAuthorizations',
  access: 'user',
  cost: 2,
  repeat: 'read',
  handler: async (ctx) => ({
    _: 'account.authorizations',
    authorization_ttl_days: await ctx.domain.auth.devices.findDeviceTtl(ctx.userId),
    authorizations: await ctx.domain.auth.devices.listDevices(ctx.userId, ctx.caller.permAuthKeyId),
  }),
});
