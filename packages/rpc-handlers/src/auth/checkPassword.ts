import { defineMethod } from '@aerogram/rpc';

import { hashOfRequest } from './access-prover.ts';
import { loginDevice } from './login-device.ts';
import { projectAuthorization } from './project-authorization.ts';

export const checkPassword = defineMethod({
  method: 'auth.checkPassword',
  access: 'user',
  pending2fa: true,
  cost: 50,
  quotas: ['passwordGuesses'],
  repeat: 'idempotent',
  handler: async (ctx, request) =>
    projectAuthorization(ctx, await ctx.domain.auth.doCheckPassword(loginDevice(ctx), request.password, hashOfRequest(request))),
});
