import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from './login-device.ts';

export const reportMissingCode = defineMethod({
  method: 'auth.reportMissingCode',
  access: ['guest', 'user'],
  cost: 50,
  repeat: 'idempotent',
  handler: async (ctx, { phone_number, phone_code_hash }) => {
    await ctx.domain.auth.doReportMissingCode(loginDevice(ctx), phone_number, phone_code_hash);
    return true;
  },
});
