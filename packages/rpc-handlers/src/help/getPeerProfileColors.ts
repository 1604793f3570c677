import { defineMethod } from '@aerogram/rpc';

export const getPeerProfileColors = defineMethod({
  method: 'help.getPeerProfileColors',
  access: 'any',
  cost: 1,
  repeat: 'read',
  empty: 'name colours',
  handler: () => Promise.resolve({ _: 'help.peerColors', hash: 0, colors: [] }),
});
