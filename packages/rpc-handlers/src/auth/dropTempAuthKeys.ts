import { defineMethod } from '@aerogram/rpc';

export const dropTempAuthKeys = defineMethod({
  method: 'auth.dropTempAuthKeys',
  access: 'any',
  cost: 5,
  limits: { vectors: { except_auth_keys: 100 } },
  repeat: 'idempotent',
  handler: async (ctx, { except_auth_keys }) => {
    // The key of this call is kept, because the answer must still reach the client.
    await ctx.domain.auth.doDropTempAuthKeys(ctx.caller.permAuthKeyId, [...except_auth_keys, ctx.caller.authKeyId]);
    return true;
  },
});
