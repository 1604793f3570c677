import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from './login-device.ts';
import { projectAuthorization } from './project-authorization.ts';

export const recoverPassword = defineMethod({
  method: 'auth.recoverPassword',
  access: 'user',
  pending2fa: true,
  cost: 50,
  quotas: ['emailCodeGuesses'],
  repeat: 'idempotent',
  inMaintenance: false,
  handler: async (ctx, { code, new_settings }) =>
    projectAuthorization(ctx, await ctx.domain.auth.doRecoverPassword(loginDevice(ctx), code, new_settings)),
});
