import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessUserKey } from '../auth/access-prover.ts';
import { loginDevice } from '../auth/login-device.ts';
import { projectSentCode } from '../auth/project-sent-code.ts';

/** Verifies the code of sendVerifyEmailCode; Google and Apple ID tokens are not accepted. */
export const verifyEmail = defineMethod({
  method: 'account.verifyEmail',
  access: ['guest', 'user'],
  cost: 20,
  quotas: ['emailCodeGuesses', 'deliveriesOfCode'],
  repeat: 'idempotent',
  handler: async (ctx, { purpose, verification }) => {
    if (verification._ !== 'emailVerificationCode') throw rpcError('EMAIL_NOT_ALLOWED');
    const { auth } = ctx.domain;
    if (purpose._ === 'emailVerifyPurposeLoginChange' && ctx.caller.userId !== undefined) {
      return { _: 'account.emailVerified', email: await auth.doVerifyLoginEmail(accessUserKey(ctx), verification.code) };
    }
    if (purpose._ !== 'emailVerifyPurposeLoginSetup') throw rpcError('EMAIL_NOT_ALLOWED');
    const { phone_number, phone_code_hash } = purpose;
    const { email, sent } = await auth.doVerifySetUpEmail(loginDevice(ctx), phone_number, phone_code_hash, verification.code);
    return { _: 'account.emailVerifiedLogin', email, sent_code: projectSentCode(sent, ctx.domain.config) };
  },
});
