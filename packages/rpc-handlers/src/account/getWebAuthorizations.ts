import { defineMethod } from '@aerogram/rpc';

/** Log-in on web sites through this server does not exist, so the list is empty. */
export const getWebAuthorizations = defineMethod({
  method: 'account.getWebAuthorizations',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: () => Promise.resolve({ _: 'account.webAuthorizations', authorizations: [], users: [] }),
});
