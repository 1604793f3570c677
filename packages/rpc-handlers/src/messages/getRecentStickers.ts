import { defineMethod } from '@aerogram/rpc';

export const getRecentStickers = defineMethod({
  method: 'messages.getRecentStickers',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stickers',
  handler: () =>
    Promise.resolve({ _: 'messages.recentStickers', hash: 0n, packs: [], stickers: [], dates: [] }),
});
