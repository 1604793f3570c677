import { rpcError } from '@aerogram/errors';
import { EMAIL_CODE_LENGTH } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

/** Only for the login e-mail of who is logged in: this server never demands one at log-in, and keeps no passports. */
export const sendVerifyEmailCode = defineMethod({
  method: 'account.sendVerifyEmailCode',
  access: 'user',
  cost: 50,
  repeat: 'idempotent',
  handler: async (ctx, { purpose, email }) => {
    if (purpose._ !== 'emailVerifyPurposeLoginChange') throw rpcError('EMAIL_NOT_ALLOWED');
    return {
      _: 'account.sentEmailCode',
      email_pattern: await ctx.domain.auth.doSendLoginEmailCode(ctx.userId, email),
      length: EMAIL_CODE_LENGTH,
    };
  },
});
