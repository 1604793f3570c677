import { defineMethod } from '@aerogram/rpc';

import { projectEmoji } from './project-emoji.ts';

export const getRecentReactions = defineMethod({
  method: 'messages.getRecentReactions',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, { limit, hash }) {
    return projectEmoji(await ctx.domain.reactions.listRecent(ctx.userId), limit, hash);
  },
});
