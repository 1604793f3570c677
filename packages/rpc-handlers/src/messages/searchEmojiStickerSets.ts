import { defineMethod } from '@aerogram/rpc';

export const searchEmojiStickerSets = defineMethod({
  method: 'messages.searchEmojiStickerSets',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stickers',
  handler: () => Promise.resolve({ _: 'messages.foundStickerSets', hash: 0n, sets: [] }),
});
