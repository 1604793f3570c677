import { defineMethod } from '@aerogram/rpc';

import { accessOwnBot } from './access-own-bot.ts';

/** A bot has one username, so its order is always right. */
export const reorderUsernames = defineMethod({
  method: 'bots.reorderUsernames',
  access: 'user',
  cost: 10,
  limits: { vectors: { order: 100 } },
  repeat: 'idempotent',
  elsewhere: { bot: 'BOT_INVALID' },
  handler: async (ctx, { bot, order }) => {
    await ctx.domain.profile.checkUsernameOrder((await accessOwnBot(ctx, bot)).user_id, order);
    return true;
  },
});
