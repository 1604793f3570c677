import { defineMethod } from '@aerogram/rpc';

export const getStarGifts = defineMethod({
  method: 'payments.getStarGifts',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'gifts',
  handler: () => Promise.resolve({ _: 'payments.starGifts', hash: 0, gifts: [], chats: [], users: [] }),
});
