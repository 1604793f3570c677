import { defineMethod } from '@aerogram/rpc';

export const getDefaultTagReactions = defineMethod({
  method: 'messages.getDefaultTagReactions',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'reactions',
  handler: () => Promise.resolve({ _: 'messages.reactions', hash: 0n, reactions: [] }),
});
