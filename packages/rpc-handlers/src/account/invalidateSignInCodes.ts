import { defineMethod } from '@aerogram/rpc';

/** Clients call this when the user is about to send a log-in code to somebody else. */
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
