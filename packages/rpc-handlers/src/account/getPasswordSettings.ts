import { defineMethod } from '@aerogram/rpc';

import { accessProver } from '../auth/access-prover.ts';

export const getPasswordSettings = defineMethod({
  method: 'account.getPasswordSettings',
  access: 'user',
  cost: 50,
  quotas: ['passwordGuesses'],
  repeat: 'read',
  handler: async (ctx, request) => ({
    _: 'account.passwordSettings',
    email: await ctx.domain.auth.passwords.findRecoveryEmail(accessProver(ctx, request), request.password),
  }),
});
