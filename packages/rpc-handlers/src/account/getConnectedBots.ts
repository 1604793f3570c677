import { defineMethod } from '@aerogram/rpc';

export const getConnectedBots = defineMethod({
  method: 'account.getConnectedBots',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'business bots',
  handler: () => Promise.resolve({ _: 'account.connectedBots', connected_bots: [], users: [] }),
});
