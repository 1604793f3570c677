import { defineMethod } from '@aerogram/rpc';

import { accessUserKey } from '../auth/access-prover.ts';

export const resetPassword = defineMethod({
  method: 'account.resetPassword',
  access: 'user',
  cost: 50,
  repeat: 'idempotent',
  handler: async (ctx) => {
    const outcome = await ctx.domain.auth.doResetPassword(accessUserKey(ctx));
    switch (outcome.kind) {
      case 'done':
        return { _: 'account.resetPasswordOk' };
      case 'waits':
        return { _: 'account.resetPasswordRequestedWait', until_date: outcome.until_date };
      case 'refused':
        return { _: 'account.resetPasswordFailedWait', retry_date: outcome.retry_date };
    }
  },
});
