import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from '../auth/login-device.ts';
import { originOf } from '../origin.ts';
import { CODE_GUESS_QUOTAS } from '../quotas.ts';

export const changePhone = defineMethod({
  method: 'account.changePhone',
  access: 'user',
  cost: 50,
  quotas: CODE_GUESS_QUOTAS,
  repeat: 'idempotent',
  handler: async (ctx, { phone_number, phone_code_hash, phone_code }) => {
    const userId = await ctx.domain.auth.doChangePhone(loginDevice(ctx), phone_number, { codeHash: phone_code_hash, code: phone_code }, originOf(ctx));
    const [user] = await ctx.domain.users.projectUsers(userId, [userId]);
    if (!user) throw rpcError('USER_ID_INVALID');
    return user;
  },
});
