import { defineMethod } from '@aerogram/rpc';

import { accessUserKey } from './access-prover.ts';

export const checkRecoveryPassword = defineMethod({
  method: 'auth.checkRecoveryPassword',
  access: 'user',
  pending2fa: true,
  cost: 20,
  quotas: ['emailCodeGuesses'],
  repeat: 'idempotent',
  handler: async (ctx, { code }) => {
    await ctx.domain.auth.doCheckRecoveryCode(accessUserKey(ctx), code);
    return true;
  },
});
