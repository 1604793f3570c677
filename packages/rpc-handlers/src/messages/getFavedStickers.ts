import { defineMethod } from '@aerogram/rpc';

export const getFavedStickers = defineMethod({
  method: 'messages.getFavedStickers',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stickers',
  handler: () => Promise.resolve({ _: 'messages.favedStickers', hash: 0n, packs: [], stickers: [] }),
});
