import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from './login-device.ts';
import { projectAuthorization } from './project-authorization.ts';
import { projectLoginToken } from './project-login-token.ts';

/** A guest who shows a QR code calls this repeatedly until another device has accepted the token. */
export const exportLoginToken = defineMethod({
  method: 'auth.exportLoginToken',
  access: ['guest', 'user'],
  cost: 2,
  limits: { vectors: { except_ids: 100 } },
  repeat: 'idempotent',
  handler: async (ctx, { api_id, api_hash, except_ids }) => {
    if (ctx.caller.userId !== undefined) {
      return { _: 'auth.loginTokenSuccess', authorization: await projectAuthorization(ctx, ctx.caller.userId) };
    }
    const app = { apiId: api_id, apiHash: api_hash };
    return projectLoginToken(await ctx.domain.auth.doExportLoginToken(loginDevice(ctx), app, except_ids));
  },
});
