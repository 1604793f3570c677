import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const deleteAutoSaveExceptions = defineMethod({
  method: 'account.deleteAutoSaveExceptions',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  handler: async (ctx) => {
    await ctx.domain.appSettings.doDeleteAutoSaveExceptions(ctx.userId, originOf(ctx));
    return true;
  },
});
