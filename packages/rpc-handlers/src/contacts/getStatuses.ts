import { defineMethod } from '@aerogram/rpc';

export const getStatuses = defineMethod({
  method: 'contacts.getStatuses',
  access: 'user',
  cost: 3,
  repeat: 'read',
  handler: async (ctx) => {
    const { ids } = await ctx.domain.contacts.listContactIds(ctx.userId);
    return ctx.domain.users.projectStatuses(ctx.userId, ids);
  },
});
