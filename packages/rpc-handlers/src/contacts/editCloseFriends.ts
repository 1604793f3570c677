import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const editCloseFriends = defineMethod({
  method: 'contacts.editCloseFriends',
  access: 'user',
  cost: 10,
  limits: { vectors: { id: 5000 } },
  repeat: 'idempotent',
  handler: async (ctx, { id }) => {
    await ctx.domain.contacts.doEditCloseFriends(ctx.userId, id, originOf(ctx));
    return true;
  },
});
