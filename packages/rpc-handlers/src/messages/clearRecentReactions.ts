import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const clearRecentReactions = defineMethod({
  method: 'messages.clearRecentReactions',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  async handler(ctx) {
    await ctx.domain.reactions.doClearRecent(ctx.userId, originOf(ctx));
    return true;
  },
});
