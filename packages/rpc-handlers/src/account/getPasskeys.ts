import { defineMethod } from '@aerogram/rpc';

export const getPasskeys = defineMethod({
  method: 'account.getPasskeys',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'passkeys',
  handler: () => Promise.resolve({ _: 'account.passkeys', passkeys: [] }),
});
