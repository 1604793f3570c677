import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from '../auth/login-device.ts';

export const confirmPhone = defineMethod({
  method: 'account.confirmPhone',
  access: 'user',
  cost: 50,
  repeat: 'idempotent',
  handler: async (ctx, { phone_code_hash, phone_code }) => {
    await ctx.domain.auth.doConfirmPhone(loginDevice(ctx), phone_code_hash, phone_code);
    return true;
  },
});
