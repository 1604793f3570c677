import { defineMethod } from '@aerogram/rpc';

export const resendPasswordEmail = defineMethod({
  method: 'account.resendPasswordEmail',
  access: 'user',
  cost: 50,
  repeat: 'idempotent',
  handler: async (ctx) => {
    await ctx.domain.auth.doResendPasswordEmail(ctx.userId);
    return true;
  },
});
