import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** There are no terms of service, so no id is valid. */
export const acceptTermsOfService = defineMethod({
  method: 'help.acceptTermsOfService',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  handler: () => {
    throw rpcError('DATA_JSON_INVALID');
  },
});
