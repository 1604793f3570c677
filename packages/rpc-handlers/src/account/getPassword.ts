import { emailPattern, newPasswordAlgo, passwordAlgo } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { accessUserKey } from '../auth/access-prover.ts';

const SECURE_SALT_BYTES = 8;
const SECURE_RANDOM_BYTES = 256;

/** TDLib refuses unknown algorithms, so the answer names the real ones even if there is no password. */
export const getPassword = defineMethod({
  method: 'account.getPassword',
  access: 'user',
  pending2fa: true,
  cost: 10,
  repeat: 'read',
  handler: async (ctx) => {
    const { userId, authKeyId } = accessUserKey(ctx);
    const { current, email, unconfirmedEmail, loginEmail, reset_date } = await ctx.domain.auth.passwords.findPasswordState(userId, authKeyId);
    return {
      _: 'account.password',
      has_password: current !== undefined || undefined,
      has_recovery: email !== undefined || undefined,
      current_algo: current && passwordAlgo(current),
      srp_B: current?.shown,
      srp_id: current?.srpId,
      hint: current && current.hint !== '' ? current.hint : undefined,
      email_unconfirmed_pattern: unconfirmedEmail === undefined ? undefined : emailPattern(unconfirmedEmail),
      new_algo: newPasswordAlgo(ctx.random),
      new_secure_algo: { _: 'securePasswordKdfAlgoPBKDF2HMACSHA512iter100000', salt: ctx.random.bytes(SECURE_SALT_BYTES) },
      secure_random: ctx.random.bytes(SECURE_RANDOM_BYTES),
      pending_reset_date: reset_date,
      login_email_pattern: loginEmail === undefined ? undefined : emailPattern(loginEmail),
    };
  },
});
