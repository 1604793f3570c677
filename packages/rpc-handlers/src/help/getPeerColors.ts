import { defineMethod } from '@aerogram/rpc';

export const getPeerColors = defineMethod({
  method: 'help.getPeerColors',
  access: 'any',
  cost: 1,
  repeat: 'read',
  empty: 'name colours',
  handler: () => Promise.resolve({ _: 'help.peerColors', hash: 0, colors: [] }),
});
