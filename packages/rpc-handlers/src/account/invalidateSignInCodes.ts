import { defineMethod } from '@aerogram/rpc';

/** Clients send it when they see a log-in code on its way to somebody else. */
export const invalidateSignInCodes = defineMethod({
  method: 'account.invalidateSignInCodes',
  access: 'user',
  cost: 10,
  limits: { vectors: { codes: 100 } },
  repeat: 'idempotent',
  handler: async (ctx, { codes }) => {
    await ctx.domain.auth.doInvalidateCodes(ctx.userId, codes);
    return true;
  },
});
