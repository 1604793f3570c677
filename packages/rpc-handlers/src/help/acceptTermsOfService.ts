import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** No terms were ever shown, so no id of some can be right. */
export const acceptTermsOfService = defineMethod({
  method: 'help.acceptTermsOfService',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  handler: () => {
    throw rpcError('DATA_JSON_INVALID');
  },
});
