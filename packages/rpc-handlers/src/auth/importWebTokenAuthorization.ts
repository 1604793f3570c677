import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** Web tokens are issued by the login widgets of a web site of the server; there is none, so none can be right. */
export const importWebTokenAuthorization = defineMethod({
  method: 'auth.importWebTokenAuthorization',
  access: 'any',
  cost: 50,
  repeat: 'idempotent',
  handler: (ctx, { api_id, api_hash, web_auth_token }) => {
    ctx.domain.auth.checkApp({ apiId: api_id, apiHash: api_hash });
    throw rpcError(web_auth_token === '' ? 'TOKEN_EMPTY' : 'TOKEN_INVALID');
  },
});
