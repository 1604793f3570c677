import { defineMethod } from '@aerogram/rpc';

const INT_MAX = 2_147_483_647;

export const getContactIDs = defineMethod({
  method: 'contacts.getContactIDs',
  access: 'user',
  cost: 2,
  repeat: 'read',
  handler: async (ctx) => {
    const { ids } = await ctx.domain.contacts.listContactIds(ctx.userId);
    // The schema has 32-bit ints here, so larger ids are left out.
    return ids.map(Number).filter((id) => id <= INT_MAX);
  },
});
