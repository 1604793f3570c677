import { defineMethod } from '@aerogram/rpc';

export const unregisterDevice = defineMethod({
  method: 'account.unregisterDevice',
  access: 'user',
  cost: 10,
  limits: { vectors: { other_uids: 100 } },
  repeat: 'idempotent',
  handler: async (ctx, { token_type, token, other_uids }) => {
    await ctx.domain.auth.doUnregisterPush([ctx.userId, ...other_uids], ctx.caller.permAuthKeyId, { tokenType: token_type, token });
    return true;
  },
});
