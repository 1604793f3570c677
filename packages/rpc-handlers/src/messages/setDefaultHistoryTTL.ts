import { defineMethod } from '@aerogram/rpc';

export const setDefaultHistoryTTL = defineMethod({
  method: 'messages.setDefaultHistoryTTL',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  async handler({ domain, userId }, { period }) {
    await domain.ttl.doSetDefault(userId, period);
    return true;
  },
});
