import { defineMethod } from '@aerogram/rpc';

export const getStarsGiftOptions = defineMethod({
  method: 'payments.getStarsGiftOptions',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stars',
  handler: () => Promise.resolve([]),
});
