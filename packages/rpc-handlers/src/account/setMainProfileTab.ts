import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const setMainProfileTab = defineMethod({
  method: 'account.setMainProfileTab',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  handler: async (ctx, { tab }) => {
    await ctx.domain.profile.doSetMainTab(ctx.userId, tab, originOf(ctx));
    return true;
  },
});
