import { defineMethod } from '@aerogram/rpc';

export const getAllStickers = defineMethod({
  method: 'messages.getAllStickers',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stickers',
  handler: () => Promise.resolve({ _: 'messages.allStickers', hash: 0n, sets: [] }),
});
