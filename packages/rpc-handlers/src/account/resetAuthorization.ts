import { defineMethod } from '@aerogram/rpc';

export const resetAuthorization = defineMethod({
  method: 'account.resetAuthorization',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  inMaintenance: true,
  handler: async (ctx, { hash }) => {
    await ctx.domain.auth.devices.doResetDevice(ctx.userId, ctx.caller.permAuthKeyId, hash);
    return true;
  },
});
