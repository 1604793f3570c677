import { defineMethod } from '@aerogram/rpc';

export const updateDeviceLocked = defineMethod({
  method: 'account.updateDeviceLocked',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  handler: async (ctx, { period }) => {
    await ctx.domain.auth.doSetLocked(ctx.userId, ctx.caller.permAuthKeyId, period);
    return true;
  },
});
