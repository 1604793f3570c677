import { defineMethod } from '@aerogram/rpc';

export const getMultiWallPapers = defineMethod({
  method: 'account.getMultiWallPapers',
  access: 'user',
  cost: 2,
  itemCosts: { wallpapers: 0.05 },
  repeat: 'read',
  limits: { vectors: { wallpapers: 100 } },
  handler: ({ domain, userId }, { wallpapers }) => domain.wallpapers.find(userId, wallpapers),
});
