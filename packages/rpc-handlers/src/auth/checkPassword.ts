import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from './login-device.ts';
import { projectAuthorization } from './project-authorization.ts';

export const checkPassword = defineMethod({
  method: 'auth.checkPassword',
  access: 'user',
  pending2fa: true,
  cost: 50,
  repeat: 'idempotent',
  handler: async (ctx, { password }) =>
    projectAuthorization(ctx, await ctx.domain.auth.doCheckPassword(loginDevice(ctx), password)),
});
