import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from './login-device.ts';
import { projectAuthorization } from './project-authorization.ts';

export const signUp = defineMethod({
  method: 'auth.signUp',
  access: ['guest', 'user'],
  cost: 50,
  repeat: 'idempotent',
  inMaintenance: false,
  handler: async (ctx, { phone_number, phone_code_hash, first_name, last_name }) => {
    const names = { firstName: first_name, lastName: last_name };
    const userId = await ctx.domain.auth.doSignUp(loginDevice(ctx), phone_number, phone_code_hash, names);
    return projectAuthorization(ctx, userId);
  },
});
