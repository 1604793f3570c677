import { defineMethod } from '@aerogram/rpc';

import { hashOf } from '../hash-of.ts';

export const getContacts = defineMethod({
  method: 'contacts.getContacts',
  access: 'user',
  cost: 3,
  repeat: 'read',
  handler: async (ctx, { hash }) => {
    const { contacts } = ctx.domain;
    const [rows, unmatched] = await Promise.all([contacts.listContacts(ctx.userId), contacts.countUnmatched(ctx.userId)]);
    const ids = rows.map((row) => row.user_id);
    if (hash !== 0n && hash === hashOf([BigInt(rows.length + unmatched), ...ids])) return { _: 'contacts.contactsNotModified' };
    return {
      _: 'contacts.contacts',
      contacts: rows.map((row) => ({ _: 'contact', user_id: row.user_id, mutual: row.mutual })),
      saved_count: rows.length + unmatched,
      users: await ctx.domain.users.projectUsers(ctx.userId, ids),
    };
  },
});
