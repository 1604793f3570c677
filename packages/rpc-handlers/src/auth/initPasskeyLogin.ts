import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from './login-device.ts';

export const initPasskeyLogin = defineMethod({
  method: 'auth.initPasskeyLogin',
  access: ['guest', 'user'],
  cost: 10,
  repeat: 'idempotent',
  handler: async (ctx, { api_id, api_hash }) => ({
    _: 'auth.passkeyLoginOptions',
    options: { _: 'dataJSON', data: await ctx.domain.auth.passkeys.doInitPasskeyLogin(loginDevice(ctx), { apiId: api_id, apiHash: api_hash }) },
  }),
});
