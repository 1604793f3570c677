import { defineMethod } from '@aerogram/rpc';

import { answerEmpty, EMPTY_HASH } from '../empty-list.ts';

export const searchEmojiStickerSets = defineMethod({
  method: 'messages.searchEmojiStickerSets',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stickers',
  handler: (_ctx, { hash }) => Promise.resolve(answerEmpty(hash, { _: 'messages.foundStickerSets', hash: EMPTY_HASH, sets: [] }, { _: 'messages.foundStickerSetsNotModified' })),
});
