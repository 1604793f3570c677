import { defineMethod } from '@aerogram/rpc';

import { accessProver } from './access-prover.ts';

export const checkRecoveryPassword = defineMethod({
  method: 'auth.checkRecoveryPassword',
  access: 'user',
  pending2fa: true,
  cost: 20,
  repeat: 'idempotent',
  handler: async (ctx, { code }) => {
    await ctx.domain.auth.doCheckRecoveryCode(accessProver(ctx).userId, code);
    return true;
  },
});
