import { defineMethod } from '@aerogram/rpc';

export const getBirthdays = defineMethod({
  method: 'contacts.getBirthdays',
  access: 'user',
  cost: 2,
  repeat: 'read',
  handler: async (ctx) => {
    const contacts = await ctx.domain.listBirthdays(ctx.userId);
    const users = await ctx.domain.users.projectUsers(ctx.userId, contacts.map(({ contact_id }) => contact_id));
    return { _: 'contacts.contactBirthdays', contacts, users };
  },
});
