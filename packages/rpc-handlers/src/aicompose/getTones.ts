import { defineMethod } from '@aerogram/rpc';

export const getTones = defineMethod({
  method: 'aicompose.getTones',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'writing help',
  handler: () => Promise.resolve({ _: 'aicompose.tones', hash: 0n, tones: [], users: [] }),
});
