import { defineMethod } from '@aerogram/rpc';

import { EMAIL_CODE_QUOTAS } from '../quotas.ts';

export const resendPasswordEmail = defineMethod({
  method: 'account.resendPasswordEmail',
  access: 'user',
  cost: 50,
  quotas: EMAIL_CODE_QUOTAS,
  repeat: 'idempotent',
  handler: async (ctx) => {
    await ctx.domain.auth.passwords.doResendPasswordEmail(ctx.userId);
    return true;
  },
});
