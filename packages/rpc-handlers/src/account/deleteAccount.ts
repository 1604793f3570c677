import { defineMethod } from '@aerogram/rpc';

import { accessProver } from '../auth/access-prover.ts';

/** Also while the password is awaited: the only way out for who has forgotten it and has no recovery address. */
export const deleteAccount = defineMethod({
  method: 'account.deleteAccount',
  access: 'user',
  pending2fa: true,
  cost: 200,
  repeat: 'idempotent',
  handler: async (ctx, { reason, password }) => {
    const prover = accessProver(ctx);
    await ctx.domain.auth.doDeleteAccount(prover, password);
    ctx.log.info({ userId: prover.userId, loggingIn: prover.loggingIn, reasonGiven: reason !== '' }, 'an account was deleted by its owner');
    return true;
  },
});
