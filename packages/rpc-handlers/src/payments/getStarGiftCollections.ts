import { defineMethod } from '@aerogram/rpc';

export const getStarGiftCollections = defineMethod({
  method: 'payments.getStarGiftCollections',
  access: 'user',
  cost: 1,
  repeat: 'read',
  elsewhere: { peer: 'works' },
  empty: 'gifts',
  handler: () => Promise.resolve({ _: 'payments.starGiftCollections', collections: [] }),
});
