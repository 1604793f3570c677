import { defineMethod } from '@aerogram/rpc';

export const getDefaultHistoryTTL = defineMethod({
  method: 'messages.getDefaultHistoryTTL',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'message lifetimes',
  handler: () => Promise.resolve({ _: 'defaultHistoryTTL', period: 0 }),
});
