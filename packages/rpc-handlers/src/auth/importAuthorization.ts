import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from './login-device.ts';
import { projectAuthorization } from './project-authorization.ts';

export const importAuthorization = defineMethod({
  method: 'auth.importAuthorization',
  access: 'any',
  cost: 10,
  repeat: 'idempotent',
  handler: async (ctx, { id, bytes }) => {
    await ctx.domain.auth.doImportAuthorization(loginDevice(ctx), id, bytes);
    return projectAuthorization(ctx, id);
  },
});
