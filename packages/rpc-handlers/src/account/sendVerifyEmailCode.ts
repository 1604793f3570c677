import { rpcError } from '@aerogram/errors';
import { EMAIL_CODE_LENGTH } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { accessUserKey } from '../auth/access-prover.ts';
import { loginDevice } from '../auth/login-device.ts';
import { EMAIL_CODE_QUOTAS } from '../quotas.ts';

/**
 * For the log-in e-mail address: changed by a logged-in user, or set up by a guest whose log-in requires one. Telegram Passport is not
 * supported.
 */
export const sendVerifyEmailCode = defineMethod({
  method: 'account.sendVerifyEmailCode',
  access: ['guest', 'user'],
  cost: 50,
  quotas: EMAIL_CODE_QUOTAS,
  repeat: 'idempotent',
  handler: async (ctx, { purpose, email }) => {
    const { auth } = ctx.domain;
    const send = (): Promise<string> => {
      if (purpose._ === 'emailVerifyPurposeLoginChange' && ctx.caller.userId !== undefined) return auth.doSendLoginEmailCode(accessUserKey(ctx), email);
      if (purpose._ !== 'emailVerifyPurposeLoginSetup') throw rpcError('EMAIL_NOT_ALLOWED');
      return auth.doSendSetUpEmailCode(loginDevice(ctx), purpose.phone_number, purpose.phone_code_hash, email);
    };
    return { _: 'account.sentEmailCode', email_pattern: await send(), length: EMAIL_CODE_LENGTH };
  },
});
