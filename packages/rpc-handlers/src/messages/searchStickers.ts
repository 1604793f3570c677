import { defineMethod } from '@aerogram/rpc';

import { answerEmpty, EMPTY_HASH } from '../empty-list.ts';

export const searchStickers = defineMethod({
  method: 'messages.searchStickers',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stickers',
  handler: (_ctx, { hash }) => Promise.resolve(answerEmpty(hash, { _: 'messages.foundStickers', hash: EMPTY_HASH, stickers: [] }, { _: 'messages.foundStickersNotModified' })),
});
