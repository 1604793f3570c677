import { defineMethod } from '@aerogram/rpc';

export const resetSaved = defineMethod({
  method: 'contacts.resetSaved',
  access: 'user',
  cost: 20,
  repeat: 'idempotent',
  handler: async (ctx) => {
    await ctx.domain.contacts.doResetUnmatched(ctx.userId);
    return true;
  },
});
