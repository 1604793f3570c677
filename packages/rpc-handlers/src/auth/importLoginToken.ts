import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from './login-device.ts';
import { projectAuthorization } from './project-authorization.ts';

/** Clients call this after `auth.loginTokenMigrateTo`, which a server that serves all DCs never returns. */
export const importLoginToken = defineMethod({
  method: 'auth.importLoginToken',
  access: ['guest', 'user'],
  cost: 5,
  repeat: 'idempotent',
  handler: async (ctx, { token }) => {
    const device = loginDevice(ctx);
    const waiting = await ctx.domain.auth.doImportLoginToken(device, token);
    if (waiting) return { _: 'auth.loginToken', expires: waiting.expires_date, token };
    return { _: 'auth.loginTokenSuccess', authorization: await projectAuthorization(ctx, ctx.userId) };
  },
});
