import { defineMethod } from '@aerogram/rpc';

export const getAttachMenuBots = defineMethod({
  method: 'messages.getAttachMenuBots',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'bots',
  handler: () => Promise.resolve({ _: 'attachMenuBots', hash: 0n, bots: [], users: [] }),
});
