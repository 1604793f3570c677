import { defineMethod } from '@aerogram/rpc';

export const searchStickerSets = defineMethod({
  method: 'messages.searchStickerSets',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stickers',
  handler: () => Promise.resolve({ _: 'messages.foundStickerSets', hash: 0n, sets: [] }),
});
