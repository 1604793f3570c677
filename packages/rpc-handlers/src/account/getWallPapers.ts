import { defineMethod } from '@aerogram/rpc';

export const getWallPapers = defineMethod({
  method: 'account.getWallPapers',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'themes',
  handler: () => Promise.resolve({ _: 'account.wallPapers', hash: 0n, wallpapers: [] }),
});
