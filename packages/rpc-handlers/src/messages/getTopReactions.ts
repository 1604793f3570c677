import { defineMethod } from '@aerogram/rpc';

export const getTopReactions = defineMethod({
  method: 'messages.getTopReactions',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'reactions',
  handler: () => Promise.resolve({ _: 'messages.reactions', hash: 0n, reactions: [] }),
});
