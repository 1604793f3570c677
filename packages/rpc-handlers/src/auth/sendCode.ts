import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from './login-device.ts';
import { projectSentCode } from './project-sent-code.ts';

export const sendCode = defineMethod({
  method: 'auth.sendCode',
  access: 'any',
  cost: 50,
  repeat: 'idempotent',
  handler: async (ctx, { phone_number, api_id, api_hash }) =>
    projectSentCode(
      await ctx.domain.auth.doSendCode(loginDevice(ctx), phone_number, { apiId: api_id, apiHash: api_hash }),
    ),
});
