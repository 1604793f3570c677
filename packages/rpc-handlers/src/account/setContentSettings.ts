import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** The setting cannot be changed; see account.getContentSettings. */
export const setContentSettings = defineMethod({
  method: 'account.setContentSettings',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  handler: (_ctx, { sensitive_enabled }) => {
    if (sensitive_enabled) throw rpcError('SENSITIVE_CHANGE_FORBIDDEN');
    return Promise.resolve(true);
  },
});
