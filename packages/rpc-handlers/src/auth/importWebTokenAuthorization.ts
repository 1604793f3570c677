import { defineMethod } from '@aerogram/rpc';

import { loginDevice } from './login-device.ts';
import { projectAuthorization } from './project-authorization.ts';

/** Browsers have web tokens that come back from the company's provider, and on servers for the tests of bots those of links that open the web client. On other servers no token is valid. */
export const importWebTokenAuthorization = defineMethod({
  method: 'auth.importWebTokenAuthorization',
  access: ['guest', 'user'],
  cost: 50,
  quotas: ['webTokenGuesses'],
  limits: { strings: { web_auth_token: { max: 256, error: 'TOKEN_INVALID' } } },
  repeat: 'idempotent',
  handler: async (ctx, { api_id, api_hash, web_auth_token }) =>
    projectAuthorization(ctx, await ctx.domain.auth.webTokenLogIn.doImportWebToken(loginDevice(ctx), web_auth_token, { apiId: api_id, apiHash: api_hash })),
});
