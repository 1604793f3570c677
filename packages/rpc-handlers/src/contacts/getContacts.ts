import { defineMethod } from '@aerogram/rpc';

import { hashOf } from '../hash-of.ts';

export const getContacts = defineMethod({
  method: 'contacts.getContacts',
  access: 'user',
  cost: 3,
  repeat: 'read',
  handler: async (ctx, { hash }) => {
    const { ids, mutual, unmatched } = await ctx.domain.contacts.listContactIds(ctx.userId);
    if (hash !== 0n && hash === hashOf([BigInt(ids.length + unmatched), ...ids])) return { _: 'contacts.contactsNotModified' };
    const both = new Set(mutual);
    return {
      _: 'contacts.contacts',
      contacts: ids.map((id) => ({ _: 'contact', user_id: id, mutual: both.has(id) })),
      saved_count: ids.length + unmatched,
      users: await ctx.domain.users.projectUsers(ctx.userId, ids),
    };
  },
});
