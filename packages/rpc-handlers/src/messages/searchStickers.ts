import { defineMethod } from '@aerogram/rpc';

export const searchStickers = defineMethod({
  method: 'messages.searchStickers',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stickers',
  handler: () => Promise.resolve({ _: 'messages.foundStickers', hash: 0n, stickers: [] }),
});
