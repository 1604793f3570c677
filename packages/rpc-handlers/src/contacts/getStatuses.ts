import { defineMethod } from '@aerogram/rpc';

export const getStatuses = defineMethod({
  method: 'contacts.getStatuses',
  access: 'user',
  cost: 3,
  repeat: 'read',
  handler: async (ctx) => {
    const rows = await ctx.domain.contacts.listContacts(ctx.userId);
    const users = await ctx.domain.users.projectUsers(ctx.userId, rows.map((row) => row.user_id));
    return users.flatMap((user) =>
      user._ === 'user' && user.status ? [{ _: 'contactStatus', user_id: user.id, status: user.status }] : [],
    );
  },
});
