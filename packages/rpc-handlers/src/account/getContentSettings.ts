import { defineMethod } from '@aerogram/rpc';

export const getContentSettings = defineMethod({
  method: 'account.getContentSettings',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'content settings',
  handler: () => Promise.resolve({ _: 'account.contentSettings' }),
});
