import { defineMethod } from '@aerogram/rpc';

export const getAdminedBots = defineMethod({
  method: 'bots.getAdminedBots',
  access: 'user',
  cost: 2,
  repeat: 'read',
  handler: async (ctx) => ctx.domain.users.projectUsers(ctx.userId, await ctx.domain.ownBots.list(ctx.userId)),
});
