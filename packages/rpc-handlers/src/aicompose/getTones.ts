import { defineMethod } from '@aerogram/rpc';

import { answerEmpty, EMPTY_HASH } from '../empty-list.ts';

export const getTones = defineMethod({
  method: 'aicompose.getTones',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'writing help',
  handler: (_ctx, { hash }) => Promise.resolve(answerEmpty(hash, { _: 'aicompose.tones', hash: EMPTY_HASH, tones: [], users: [] }, { _: 'aicompose.tonesNotModified' })),
});
