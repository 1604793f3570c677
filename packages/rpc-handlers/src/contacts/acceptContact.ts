import { defineMethod } from '@aerogram/rpc';

export const acceptContact = defineMethod({
  method: 'contacts.acceptContact',
  access: 'user',
  cost: 20,
  repeat: 'idempotent',
  elsewhere: { id: 'works' },
  handler: async (ctx, { id }) => {
    const user = await ctx.domain.peers.accessInputUser(ctx.userId, id);
    return ctx.domain.updates.projectAnswer(ctx.userId, await ctx.domain.contacts.doAcceptContact(ctx.userId, user));
  },
});
