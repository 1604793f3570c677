import { defineMethod } from '@aerogram/rpc';

export const cancelPasswordEmail = defineMethod({
  method: 'account.cancelPasswordEmail',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  handler: async (ctx) => {
    await ctx.domain.auth.passwords.doCancelPasswordEmail(ctx.userId);
    return true;
  },
});
