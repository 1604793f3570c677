import { defineMethod } from '@aerogram/rpc';

export const getWebAuthorizations = defineMethod({
  method: 'account.getWebAuthorizations',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'log-in on web sites',
  handler: () => Promise.resolve({ _: 'account.webAuthorizations', authorizations: [], users: [] }),
});
