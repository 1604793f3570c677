import { defineMethod } from '@aerogram/rpc';

export const getMultiWallPapers = defineMethod({
  method: 'account.getMultiWallPapers',
  access: 'user',
  cost: 2,
  repeat: 'read',
  limits: { vectors: { wallpapers: 100 } },
  handler: ({ domain, userId }, { wallpapers }) => domain.wallpapers.find(userId, wallpapers),
});
