import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const updateContactNote = defineMethod({
  method: 'contacts.updateContactNote',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  elsewhere: { id: 'works' },
  handler: async (ctx, { id, note }) => {
    const user = await ctx.domain.peers.accessInputUser(ctx.userId, id);
    await ctx.domain.contacts.doUpdateNote(ctx.userId, user.user_id, note.text, originOf(ctx));
    return true;
  },
});
