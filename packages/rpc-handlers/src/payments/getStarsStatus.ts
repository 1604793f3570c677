import { defineMethod } from '@aerogram/rpc';

export const getStarsStatus = defineMethod({
  method: 'payments.getStarsStatus',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stars',
  handler: () =>
    Promise.resolve({ _: 'payments.starsStatus', balance: { _: 'starsAmount', amount: 0n, nanos: 0 }, chats: [], users: [] }),
});
