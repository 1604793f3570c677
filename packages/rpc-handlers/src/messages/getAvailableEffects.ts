import { defineMethod } from '@aerogram/rpc';

import { answerEmpty, EMPTY_INT_HASH } from '../empty-list.ts';

export const getAvailableEffects = defineMethod({
  method: 'messages.getAvailableEffects',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'message effects',
  handler: (_ctx, { hash }) => Promise.resolve(answerEmpty(hash, { _: 'messages.availableEffects', hash: EMPTY_INT_HASH, effects: [], documents: [] }, { _: 'messages.availableEffectsNotModified' })),
});
