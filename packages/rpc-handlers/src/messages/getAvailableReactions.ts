import { defineMethod } from '@aerogram/rpc';

export const getAvailableReactions = defineMethod({
  method: 'messages.getAvailableReactions',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'reactions',
  handler: () => Promise.resolve({ _: 'messages.availableReactions', hash: 0, reactions: [] }),
});
