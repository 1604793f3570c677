import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from './login-device.ts';
import { projectAuthorization } from './project-authorization.ts';

export const finishPasskeyLogin = defineMethod({
  method: 'auth.finishPasskeyLogin',
  access: ['guest', 'user'],
  cost: 50,
  repeat: 'idempotent',
  handler: async (ctx, { credential, from_auth_key_id }) => {
    const userId = await ctx.domain.auth.passkeys.doFinishPasskeyLogin(loginDevice(ctx), credential, from_auth_key_id);
    return projectAuthorization(ctx, userId);
  },
});
