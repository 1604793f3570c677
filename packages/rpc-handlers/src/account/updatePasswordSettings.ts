import { defineMethod } from '@aerogram/rpc';

import { accessProver } from '../auth/access-prover.ts';

export const updatePasswordSettings = defineMethod({
  method: 'account.updatePasswordSettings',
  access: 'user',
  cost: 50,
  repeat: 'idempotent',
  handler: async (ctx, { password, new_settings }) => {
    await ctx.domain.auth.doUpdatePassword(accessProver(ctx), password, new_settings);
    return true;
  },
});
