import { defineMethod } from '@aerogram/rpc';

import { accessProver } from '../auth/access-prover.ts';

export const getTmpPassword = defineMethod({
  method: 'account.getTmpPassword',
  access: 'user',
  cost: 50,
  quotas: ['passwordGuesses'],
  repeat: 'idempotent',
  handler: async (ctx, request) => {
    const { token, expires_date } = await ctx.domain.auth.passwords.doMakeTmpPassword(accessProver(ctx, request), request.password, request.period);
    return { _: 'account.tmpPassword', tmp_password: token, valid_until: expires_date };
  },
});
