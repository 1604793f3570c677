import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from './login-device.ts';
import { projectAuthorization } from './project-authorization.ts';

export const importAuthorization = defineMethod({
  method: 'auth.importAuthorization',
  access: 'any',
  cost: 10,
  repeat: 'idempotent',
  handler: async (ctx, { id, bytes }) => {
    const isHere = await ctx.domain.auth.doImportAuthorization(loginDevice(ctx), id, bytes);
    // Clients do not look at the user: they know it from its home.
    return isHere ? projectAuthorization(ctx, id) : { _: 'auth.authorization', user: { _: 'userEmpty', id } };
  },
});
