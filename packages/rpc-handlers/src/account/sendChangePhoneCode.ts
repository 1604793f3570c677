import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from '../auth/login-device.ts';
import { projectSentCode } from '../auth/project-sent-code.ts';
import { CODE_QUOTAS, CODE_REQUEST_QUOTAS } from '../quotas.ts';

export const sendChangePhoneCode = defineMethod({
  method: 'account.sendChangePhoneCode',
  access: 'user',
  cost: 100,
  quotas: [...CODE_REQUEST_QUOTAS, ...CODE_QUOTAS],
  repeat: 'idempotent',
  handler: async (ctx, { phone_number }) =>
    projectSentCode(await ctx.domain.auth.doSendChangePhoneCode(loginDevice(ctx), phone_number), ctx.domain.config),
});
