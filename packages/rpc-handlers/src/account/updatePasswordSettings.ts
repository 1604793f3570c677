import { defineMethod } from '@aerogram/rpc';

import { accessProver } from '../auth/access-prover.ts';

export const updatePasswordSettings = defineMethod({
  method: 'account.updatePasswordSettings',
  access: 'user',
  cost: 50,
  repeat: 'idempotent',
  handler: async (ctx, request) => {
    await ctx.domain.auth.doUpdatePassword(accessProver(ctx, request), request.password, request.new_settings);
    return true;
  },
});
