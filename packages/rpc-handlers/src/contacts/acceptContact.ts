import { defineMethod } from '@aerogram/rpc';

import { projectUpdates } from '../project-updates.ts';

export const acceptContact = defineMethod({
  method: 'contacts.acceptContact',
  access: 'user',
  cost: 20,
  repeat: 'idempotent',
  handler: async (ctx, { id }) => {
    const user = await ctx.domain.peers.accessInputUser(ctx.userId, id);
    return projectUpdates(ctx, await ctx.domain.contacts.doAcceptContact(ctx.userId, user), [user.user_id]);
  },
});
