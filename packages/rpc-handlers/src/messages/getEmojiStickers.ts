import { defineMethod } from '@aerogram/rpc';

export const getEmojiStickers = defineMethod({
  method: 'messages.getEmojiStickers',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stickers',
  handler: () => Promise.resolve({ _: 'messages.allStickers', hash: 0n, sets: [] }),
});
