import { defineMethod } from '@aerogram/rpc';

import { deviceOf } from '../origin.ts';

export const setAccountTTL = defineMethod({
  method: 'account.setAccountTTL',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  handler: async (ctx, { ttl }) => {
    await ctx.domain.auth.doSetAccountTtl(deviceOf(ctx), ttl.days);
    return true;
  },
});
