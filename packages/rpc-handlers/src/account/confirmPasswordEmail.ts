import { defineMethod } from '@aerogram/rpc';

export const confirmPasswordEmail = defineMethod({
  method: 'account.confirmPasswordEmail',
  access: 'user',
  cost: 20,
  quotas: ['emailCodeGuesses'],
  repeat: 'idempotent',
  handler: async (ctx, { code }) => {
    await ctx.domain.auth.passwords.doConfirmPasswordEmail(ctx.userId, code);
    return true;
  },
});
