import { defineMethod } from '@aerogram/rpc';

import { EMAIL_CODE_QUOTAS } from '../quotas.ts';
import { accessUserKey } from './access-prover.ts';

export const requestPasswordRecovery = defineMethod({
  method: 'auth.requestPasswordRecovery',
  access: 'user',
  pending2fa: true,
  cost: 50,
  quotas: EMAIL_CODE_QUOTAS,
  repeat: 'idempotent',
  handler: async (ctx) => ({
    _: 'auth.passwordRecovery',
    email_pattern: await ctx.domain.auth.doRequestRecovery(accessUserKey(ctx)),
  }),
});
