import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const deleteContacts = defineMethod({
  method: 'contacts.deleteContacts',
  access: 'user',
  cost: 20,
  itemCosts: { id: 0.1 },
  limits: { vectors: { id: 1000 } },
  repeat: 'idempotent',
  elsewhere: { id: 'works' },
  handler: async (ctx, { id }) => {
    const rows = await Promise.all(id.map((input) => ctx.domain.peers.accessInputUser(ctx.userId, input)));
    const ids = rows.map((row) => row.user_id);
    const updates = await ctx.domain.contacts.doDeleteContacts(ctx.userId, ids, originOf(ctx));
    // Also includes users who were not contacts and are therefore in no update.
    return ctx.domain.updates.projectAnswer(ctx.userId, updates, ids);
  },
});
