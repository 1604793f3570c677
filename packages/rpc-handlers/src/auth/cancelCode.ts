import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from './login-device.ts';

export const cancelCode = defineMethod({
  method: 'auth.cancelCode',
  access: ['guest', 'user'],
  cost: 5,
  repeat: 'idempotent',
  handler: async (ctx, { phone_number, phone_code_hash }) => {
    await ctx.domain.auth.doCancelCode(loginDevice(ctx), phone_number, phone_code_hash);
    return true;
  },
});
