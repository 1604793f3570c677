import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from './login-device.ts';
import { projectAuthorization } from './project-authorization.ts';
import { projectLoginToken } from './project-login-token.ts';

/** Clients call this after `auth.loginTokenMigrateTo`, in the data centre of the person who accepted their code. */
export const importLoginToken = defineMethod({
  method: 'auth.importLoginToken',
  access: ['guest', 'user'],
  cost: 5,
  repeat: 'idempotent',
  handler: async (ctx, { token }) => {
    const found = await ctx.domain.auth.doImportLoginToken(loginDevice(ctx), token);
    if ('token' in found) return projectLoginToken(found);
    return { _: 'auth.loginTokenSuccess', authorization: await projectAuthorization(ctx, found.userId) };
  },
});
