import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const updateSavedReactionTag = defineMethod({
  method: 'messages.updateSavedReactionTag',
  access: 'user',
  cost: 1,
  repeat: 'idempotent',
  async handler(ctx, { reaction, title = '' }) {
    await ctx.domain.saved.doNameTag(ctx.userId, reaction, title, originOf(ctx));
    return true;
  },
});
