import { defineMethod } from '@aerogram/rpc';

/** The name under which the calling support account signs what it notes. */
export const getSupportName = defineMethod({
  method: 'help.getSupportName',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: async (ctx) => ({ _: 'help.supportName', name: await ctx.domain.support.check(ctx.userId) }),
});
