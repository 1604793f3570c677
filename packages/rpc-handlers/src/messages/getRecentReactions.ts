import { defineMethod } from '@aerogram/rpc';

import { answerReactions } from './answer-reactions.ts';

export const getRecentReactions = defineMethod({
  method: 'messages.getRecentReactions',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, { limit, hash }) {
    return answerReactions(await ctx.domain.reactions.listRecent(ctx.userId), limit, hash);
  },
});
