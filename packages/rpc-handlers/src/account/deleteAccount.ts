import { defineMethod } from '@aerogram/rpc';

import { accessProver } from '../auth/access-prover.ts';

/** Also allowed while a log-in waits for the password: the only way out for a user who has forgotten it and has no recovery address. */
export const deleteAccount = defineMethod({
  method: 'account.deleteAccount',
  access: 'user',
  pending2fa: true,
  cost: 200,
  quotas: ['passwordGuesses'],
  repeat: 'idempotent',
  inMaintenance: false,
  handler: async (ctx, request) => {
    const prover = accessProver(ctx, request);
    await ctx.domain.auth.doDeleteAccount(prover, request.password);
    return true;
  },
});
