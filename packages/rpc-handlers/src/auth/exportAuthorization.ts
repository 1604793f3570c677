import { defineMethod } from '@aerogram/rpc';

export const exportAuthorization = defineMethod({
  method: 'auth.exportAuthorization',
  access: ['user', 'bot'],
  cost: 5,
  repeat: 'idempotent',
  inMaintenance: true,
  handler: async (ctx, { dc_id }) => ({
    _: 'auth.exportedAuthorization',
    id: ctx.userId,
    bytes: await ctx.domain.auth.doExportAuthorization(ctx.userId, ctx.caller.permAuthKeyId, dc_id),
  }),
});
