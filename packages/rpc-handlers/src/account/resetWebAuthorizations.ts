import { defineMethod } from '@aerogram/rpc';

/** The list of getWebAuthorizations is empty, and so it is afterwards. */
export const resetWebAuthorizations = defineMethod({
  method: 'account.resetWebAuthorizations',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  handler: () => Promise.resolve(true),
});
