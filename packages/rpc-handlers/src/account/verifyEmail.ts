import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** The answer to sendVerifyEmailCode; accounts of other providers prove nothing here. */
export const verifyEmail = defineMethod({
  method: 'account.verifyEmail',
  access: 'user',
  cost: 20,
  repeat: 'idempotent',
  handler: async (ctx, { purpose, verification }) => {
    if (purpose._ !== 'emailVerifyPurposeLoginChange') throw rpcError('EMAIL_NOT_ALLOWED');
    if (verification._ !== 'emailVerificationCode') throw rpcError('EMAIL_NOT_ALLOWED');
    return { _: 'account.emailVerified', email: await ctx.domain.auth.doVerifyLoginEmail(ctx.userId, verification.code) };
  },
});
