import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from './login-device.ts';
import { projectAuthorization } from './project-authorization.ts';

export const finishPasskeyLogin = defineMethod({
  method: 'auth.finishPasskeyLogin',
  access: ['guest', 'user'],
  cost: 50,
  repeat: 'idempotent',
  handler: async (ctx, { credential, from_dc_id: dcId, from_auth_key_id: authKeyId }) => {
    const from = authKeyId === undefined ? undefined : { dcId, authKeyId };
    const userId = await ctx.domain.auth.passkeys.doFinishPasskeyLogin(loginDevice(ctx), credential, from);
    return projectAuthorization(ctx, userId);
  },
});
