import { defineMethod } from '@aerogram/rpc';

import { answerReactions } from './answer-reactions.ts';

export const getTopReactions = defineMethod({
  method: 'messages.getTopReactions',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, { limit, hash }) {
    return answerReactions(await ctx.domain.reactions.listTop(ctx.userId), limit, hash);
  },
});
