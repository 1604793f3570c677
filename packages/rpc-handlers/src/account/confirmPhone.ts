import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from '../auth/login-device.ts';
import { CODE_GUESS_QUOTAS } from '../quotas.ts';

export const confirmPhone = defineMethod({
  method: 'account.confirmPhone',
  access: 'user',
  cost: 50,
  quotas: CODE_GUESS_QUOTAS,
  repeat: 'idempotent',
  handler: async (ctx, { phone_code_hash, phone_code }) => {
    await ctx.domain.auth.doConfirmPhone(loginDevice(ctx), phone_code_hash, phone_code);
    return true;
  },
});
