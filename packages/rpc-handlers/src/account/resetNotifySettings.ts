import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const resetNotifySettings = defineMethod({
  method: 'account.resetNotifySettings',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  handler: async (ctx) => {
    await ctx.domain.notifications.doResetSettings(ctx.userId, originOf(ctx));
    return true;
  },
});
