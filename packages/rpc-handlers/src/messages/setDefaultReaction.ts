import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

/** Clients read the setting from help.getConfig. */
export const setDefaultReaction = defineMethod({
  method: 'messages.setDefaultReaction',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  async handler(ctx, { reaction }) {
    await ctx.domain.reactions.doSetDefault(ctx.userId, reaction, originOf(ctx));
    return true;
  },
});
