import { defineMethod } from '@aerogram/rpc';

import { accessProver } from '../auth/access-prover.ts';

/** Also while the password is awaited: the only way out for who has forgotten it and has no recovery address. */
export const deleteAccount = defineMethod({
  method: 'account.deleteAccount',
  access: 'user',
  pending2fa: true,
  cost: 200,
  quotas: ['passwordGuesses'],
  repeat: 'idempotent',
  handler: async (ctx, request) => {
    const prover = accessProver(ctx, request);
    await ctx.domain.auth.doDeleteAccount(prover, request.password);
    return true;
  },
});
