import { defineMethod } from '@aerogram/rpc';

/** No web site logs people in through this server, so nobody is logged in on one. */
export const getWebAuthorizations = defineMethod({
  method: 'account.getWebAuthorizations',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: () => Promise.resolve({ _: 'account.webAuthorizations', authorizations: [], users: [] }),
});
