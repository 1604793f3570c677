import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** The list of getWebAuthorizations is always empty, so no hash is valid. */
export const resetWebAuthorization = defineMethod({
  method: 'account.resetWebAuthorization',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  handler: () => Promise.reject(rpcError('HASH_INVALID')),
});
