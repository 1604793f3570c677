import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const updateBirthday = defineMethod({
  method: 'account.updateBirthday',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  handler: async (ctx, { birthday }) => {
    await ctx.domain.profile.doUpdateBirthday(ctx.userId, birthday, originOf(ctx));
    return true;
  },
});
