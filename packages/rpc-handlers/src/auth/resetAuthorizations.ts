import { defineMethod } from '@aerogram/rpc';

export const resetAuthorizations = defineMethod({
  method: 'auth.resetAuthorizations',
  access: 'user',
  cost: 20,
  repeat: 'idempotent',
  inMaintenance: true,
  handler: async (ctx) => {
    await ctx.domain.auth.devices.doResetOtherDevices(ctx.userId, ctx.caller.permAuthKeyId);
    return true;
  },
});
