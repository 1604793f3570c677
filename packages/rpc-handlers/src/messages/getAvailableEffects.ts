import { defineMethod } from '@aerogram/rpc';

export const getAvailableEffects = defineMethod({
  method: 'messages.getAvailableEffects',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'message effects',
  handler: () => Promise.resolve({ _: 'messages.availableEffects', hash: 0, effects: [], documents: [] }),
});
