import { defineMethod } from '@aerogram/rpc';

export const getStarsTopupOptions = defineMethod({
  method: 'payments.getStarsTopupOptions',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stars',
  handler: () => Promise.resolve([]),
});
