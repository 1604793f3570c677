import { defineMethod } from '@aerogram/rpc';

export const getSavedReactionTags = defineMethod({
  method: 'messages.getSavedReactionTags',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'reactions',
  handler: () => Promise.resolve({ _: 'messages.savedReactionTags', tags: [], hash: 0n }),
});
