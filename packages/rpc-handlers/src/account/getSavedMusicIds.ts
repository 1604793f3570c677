import { defineMethod } from '@aerogram/rpc';

import { hashOf } from '../hash-of.ts';

export const getSavedMusicIds = defineMethod({
  method: 'account.getSavedMusicIds',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, { hash }) {
    const ids = await ctx.domain.files.kept.listIds(ctx.userId, 'music');
    return ids.length > 0 && hash === hashOf(ids) ? { _: 'account.savedMusicIdsNotModified' } : { _: 'account.savedMusicIds', ids };
  },
});
