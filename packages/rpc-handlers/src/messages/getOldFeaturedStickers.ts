import { defineMethod } from '@aerogram/rpc';

export const getOldFeaturedStickers = defineMethod({
  method: 'messages.getOldFeaturedStickers',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stickers',
  handler: () => Promise.resolve({ _: 'messages.featuredStickers', hash: 0n, count: 0, sets: [], unread: [] }),
});
