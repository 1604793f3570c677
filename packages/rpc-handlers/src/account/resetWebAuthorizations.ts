import { defineMethod } from '@aerogram/rpc';

/** The list of getWebAuthorizations is always empty, so there is nothing to end. */
export const resetWebAuthorizations = defineMethod({
  method: 'account.resetWebAuthorizations',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  handler: () => Promise.resolve(true),
});
