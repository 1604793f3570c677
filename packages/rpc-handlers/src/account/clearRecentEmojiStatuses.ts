import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

/** Forgets the emoji statuses that the caller has had. */
export const clearRecentEmojiStatuses = defineMethod({
  method: 'account.clearRecentEmojiStatuses',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  async handler(ctx) {
    await ctx.domain.profile.doClearRecentStatuses(ctx.userId, originOf(ctx));
    return true;
  },
});
