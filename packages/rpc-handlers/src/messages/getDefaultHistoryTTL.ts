import { defineMethod } from '@aerogram/rpc';

export const getDefaultHistoryTTL = defineMethod({
  method: 'messages.getDefaultHistoryTTL',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: async ({ domain, userId }) => ({ _: 'defaultHistoryTTL', period: await domain.ttl.findDefault(userId) }),
});
