import { defineMethod } from '@aerogram/rpc';

import { accessGroup } from './group-call.ts';

export const getOnlines = defineMethod({
  method: 'messages.getOnlines',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: async (ctx, { peer }) => ({ _: 'chatOnlines', onlines: await ctx.domain.groups.countOnline(ctx.userId, await accessGroup(ctx, peer)) }),
});
