import { defineMethod } from '@aerogram/rpc';

import { CODE_QUOTAS } from '../quotas.ts';
import { loginDevice } from './login-device.ts';
import { projectSentCode } from './project-sent-code.ts';

export const resetLoginEmail = defineMethod({
  method: 'auth.resetLoginEmail',
  access: ['guest', 'user'],
  cost: 100,
  quotas: CODE_QUOTAS,
  repeat: 'idempotent',
  inMaintenance: false,
  handler: async (ctx, { phone_number, phone_code_hash }) =>
    projectSentCode(await ctx.domain.auth.doResetLoginEmail(loginDevice(ctx), phone_number, phone_code_hash), ctx.domain.config),
});
