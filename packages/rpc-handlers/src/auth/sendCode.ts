import { defineMethod } from '@aerogram/rpc';

import { CODE_QUOTAS, CODE_REQUEST_QUOTAS } from '../quotas.ts';
import { loginDevice } from './login-device.ts';
import { projectSentCode } from './project-sent-code.ts';

/** The oldest supported layer in which a client can set up a log-in e-mail address. */
const EMAIL_SET_UP_LAYER = 181;

export const sendCode = defineMethod({
  method: 'auth.sendCode',
  access: ['guest', 'user'],
  cost: 50,
  quotas: [...CODE_REQUEST_QUOTAS, ...CODE_QUOTAS],
  repeat: 'idempotent',
  handler: async (ctx, { phone_number, api_id, api_hash }) =>
    projectSentCode(
      await ctx.domain.auth.doSendCode(
        loginDevice(ctx),
        phone_number,
        { apiId: api_id, apiHash: api_hash },
        { knowsEmailSetUp: ctx.caller.layer >= EMAIL_SET_UP_LAYER },
      ),
      ctx.domain.config,
    ),
});
