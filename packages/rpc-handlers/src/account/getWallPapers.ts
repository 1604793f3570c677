import { defineMethod } from '@aerogram/rpc';

import { hashOf } from '../hash-of.ts';

export const getWallPapers = defineMethod({
  method: 'account.getWallPapers',
  access: 'user',
  cost: 2,
  repeat: 'read',
  async handler({ domain, userId }, { hash: known }) {
    const wallpapers = await domain.wallpapers.list(userId);
    const hash = hashOf(wallpapers.map(({ id }) => id));
    return hash === known && wallpapers.length > 0 ? { _: 'account.wallPapersNotModified' } : { _: 'account.wallPapers', hash, wallpapers };
  },
});
