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
    const { userId, remoteAddress: address } = ctx.caller;
    await ctx.domain.auth.doCheckRecoveryCode({ ...accessUserKey(ctx), loggingIn: userId === undefined, address }, code);
    return true;
  },
});
