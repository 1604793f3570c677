import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from '../auth/login-device.ts';
import { projectSentCode } from '../auth/project-sent-code.ts';
import { CODE_QUOTAS } from '../quotas.ts';

export const sendConfirmPhoneCode = defineMethod({
  method: 'account.sendConfirmPhoneCode',
  access: 'user',
  cost: 100,
  quotas: CODE_QUOTAS,
  repeat: 'idempotent',
  handler: async (ctx, { hash }) => projectSentCode(await ctx.domain.auth.doSendConfirmPhoneCode(loginDevice(ctx), hash), ctx.domain.config),
});
