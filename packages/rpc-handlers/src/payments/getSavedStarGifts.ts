import { defineMethod } from '@aerogram/rpc';

export const getSavedStarGifts = defineMethod({
  method: 'payments.getSavedStarGifts',
  access: 'user',
  cost: 1,
  repeat: 'read',
  elsewhere: { peer: 'works' },
  empty: 'gifts',
  handler: () => Promise.resolve({ _: 'payments.savedStarGifts', count: 0, gifts: [], chats: [], users: [] }),
});
