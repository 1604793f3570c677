import { defineMethod } from '@aerogram/rpc';

/** Nobody asks for anything before being written to. */
export const getRequirementsToContact = defineMethod({
  method: 'users.getRequirementsToContact',
  access: 'user',
  cost: 1,
  limits: { vectors: { id: 200 } },
  repeat: 'read',
  handler: async (ctx, { id }) => {
    for (const input of id) await ctx.domain.peers.accessInputUser(ctx.userId, input);
    return id.map(() => ({ _: 'requirementToContactEmpty' }));
  },
});
