import { defineMethod } from '@aerogram/rpc';

export const getStickers = defineMethod({
  method: 'messages.getStickers',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stickers',
  handler: () => Promise.resolve({ _: 'messages.stickers', hash: 0n, stickers: [] }),
});
