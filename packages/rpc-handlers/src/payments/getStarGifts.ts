import { defineMethod } from '@aerogram/rpc';

import { answerEmpty, EMPTY_INT_HASH } from '../empty-list.ts';

export const getStarGifts = defineMethod({
  method: 'payments.getStarGifts',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'gifts',
  handler: (_ctx, { hash }) => Promise.resolve(answerEmpty(hash, { _: 'payments.starGifts', hash: EMPTY_INT_HASH, gifts: [], chats: [], users: [] }, { _: 'payments.starGiftsNotModified' })),
});
