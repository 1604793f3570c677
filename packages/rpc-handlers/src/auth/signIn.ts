import { defineMethod } from '@aerogram/rpc';

import { CODE_GUESS_QUOTAS } from '../quotas.ts';
import { loginDevice } from './login-device.ts';
import { projectAuthorization } from './project-authorization.ts';

export const signIn = defineMethod({
  method: 'auth.signIn',
  access: ['guest', 'user'],
  cost: 20,
  quotas: CODE_GUESS_QUOTAS,
  repeat: 'idempotent',
  handler: async (ctx, { phone_number, phone_code_hash, phone_code, email_verification }) => {
    // The code is the same whichever way it was sent.
    const byEmail = email_verification?._ === 'emailVerificationCode' ? email_verification.code : '';
    const userId = await ctx.domain.auth.doSignIn(loginDevice(ctx), phone_number, phone_code_hash, phone_code ?? byEmail);
    if (userId === undefined) return { _: 'auth.authorizationSignUpRequired' };
    return projectAuthorization(ctx, userId);
  },
});
