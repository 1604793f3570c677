import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from './login-device.ts';
import { projectSentCode } from './project-sent-code.ts';

export const resendCode = defineMethod({
  method: 'auth.resendCode',
  access: ['guest', 'user'],
  cost: 50,
  quotas: ['deliveriesOfCode'],
  repeat: 'idempotent',
  handler: async (ctx, { phone_number, phone_code_hash }) =>
    projectSentCode(await ctx.domain.auth.doResendCode(loginDevice(ctx), phone_number, phone_code_hash), ctx.domain.config),
});
