import { defineMethod } from '@aerogram/rpc';

import { projectEmoji } from './project-emoji.ts';

export const getTopReactions = defineMethod({
  method: 'messages.getTopReactions',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, { limit, hash }) {
    return projectEmoji(await ctx.domain.reactions.listTop(ctx.userId), limit, hash);
  },
});
