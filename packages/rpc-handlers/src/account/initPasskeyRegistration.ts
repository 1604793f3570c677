import { defineMethod } from '@aerogram/rpc';

export const initPasskeyRegistration = defineMethod({
  method: 'account.initPasskeyRegistration',
  access: 'user',
  cost: 20,
  repeat: 'idempotent',
  handler: async (ctx) => ({
    _: 'account.passkeyRegistrationOptions',
    options: { _: 'dataJSON', data: await ctx.domain.auth.passkeys.doInitPasskey(ctx.userId, ctx.caller.permAuthKeyId) },
  }),
});
