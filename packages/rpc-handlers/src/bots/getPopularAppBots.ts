import { defineMethod } from '@aerogram/rpc';

export const getPopularAppBots = defineMethod({
  method: 'bots.getPopularAppBots',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'bots',
  handler: () => Promise.resolve({ _: 'bots.popularAppBots', users: [] }),
});
