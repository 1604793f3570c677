import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** Web tokens are issued by log-in widgets, which this server does not have, so no token is valid. */
export const importWebTokenAuthorization = defineMethod({
  method: 'auth.importWebTokenAuthorization',
  access: ['guest', 'user'],
  cost: 50,
  repeat: 'idempotent',
  handler: (ctx, { api_id, api_hash, web_auth_token }) => {
    ctx.domain.auth.checkApp({ apiId: api_id, apiHash: api_hash });
    throw rpcError(web_auth_token === '' ? 'TOKEN_EMPTY' : 'TOKEN_INVALID');
  },
});
