import { defineMethod } from '@aerogram/rpc';

import { accessProver } from '../auth/access-prover.ts';
import { EMAIL_CODE_QUOTAS } from '../quotas.ts';

export const updatePasswordSettings = defineMethod({
  method: 'account.updatePasswordSettings',
  access: 'user',
  cost: 50,
  quotas: ['passwordGuesses', ...EMAIL_CODE_QUOTAS],
  repeat: 'idempotent',
  handler: async (ctx, request) => {
    await ctx.domain.auth.passwords.doUpdatePassword(accessProver(ctx, request), request.password, request.new_settings);
    return true;
  },
});
