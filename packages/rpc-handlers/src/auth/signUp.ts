import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from './login-device.ts';
import { projectAuthorization } from './project-authorization.ts';

export const signUp = defineMethod({
  method: 'auth.signUp',
  access: 'any',
  cost: 50,
  repeat: 'idempotent',
  handler: async (ctx, { phone_number, phone_code_hash, first_name, last_name }) => {
    const names = { firstName: first_name, lastName: last_name };
    const userId = await ctx.domain.auth.doSignUp(loginDevice(ctx), phone_number, phone_code_hash, names);
    // The account is there: that somebody could not be told of it must not undo the sign-up.
    await ctx.domain.contacts.doTellOfSignUp(userId).catch((error: unknown) => ctx.log.warn({ err: error }, 'a sign-up was not told'));
    return projectAuthorization(ctx, userId);
  },
});
