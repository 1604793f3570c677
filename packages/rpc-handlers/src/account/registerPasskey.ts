import { defineMethod } from '@aerogram/rpc';

export const registerPasskey = defineMethod({
  method: 'account.registerPasskey',
  access: 'user',
  cost: 50,
  repeat: 'idempotent',
  handler: async (ctx, { credential }) => ctx.domain.auth.passkeys.doRegisterPasskey(ctx.userId, ctx.caller.permAuthKeyId, credential),
});
