import { defineMethod } from '@aerogram/rpc';

export const getMaskStickers = defineMethod({
  method: 'messages.getMaskStickers',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stickers',
  handler: () => Promise.resolve({ _: 'messages.allStickers', hash: 0n, sets: [] }),
});
