import { defineMethod } from '@aerogram/rpc';

/** Users cannot require anything from those who write to them. */
export const getRequirementsToContact = defineMethod({
  method: 'users.getRequirementsToContact',
  access: 'user',
  cost: 1,
  itemCosts: { id: 0.1 },
  limits: { vectors: { id: 200 } },
  repeat: 'read',
  elsewhere: { id: 'works' },
  handler: async (ctx, { id }) => {
    for (const input of id) await ctx.domain.peers.accessInputUser(ctx.userId, input);
    return id.map(() => ({ _: 'requirementToContactEmpty' }));
  },
});
