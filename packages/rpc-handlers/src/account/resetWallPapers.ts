import { defineMethod } from '@aerogram/rpc';

export const resetWallPapers = defineMethod({
  method: 'account.resetWallPapers',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  async handler({ domain, userId }) {
    await domain.wallpapers.doReset(userId);
    return true;
  },
});
