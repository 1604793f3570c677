import { defineMethod } from '@aerogram/rpc';

export const deletePasskey = defineMethod({
  method: 'account.deletePasskey',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  handler: async (ctx, { id }) => {
    await ctx.domain.auth.passkeys.doDeletePasskey(ctx.userId, id);
    return true;
  },
});
