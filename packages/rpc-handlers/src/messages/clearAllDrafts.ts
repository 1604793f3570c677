import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const clearAllDrafts = defineMethod({
  method: 'messages.clearAllDrafts',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  async handler(ctx) {
    await ctx.domain.dialogs.doClearDrafts(ctx.userId, originOf(ctx));
    return true;
  },
});
