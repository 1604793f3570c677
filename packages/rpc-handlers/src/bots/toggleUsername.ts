import { defineMethod } from '@aerogram/rpc';

import { accessOwnBot } from './access-own-bot.ts';

/** The only username of a bot is always active. */
export const toggleUsername = defineMethod({
  method: 'bots.toggleUsername',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  elsewhere: { bot: 'BOT_INVALID' },
  handler: async (ctx, { bot, username, active }) => {
    await ctx.domain.profile.checkUsernameToggle((await accessOwnBot(ctx, bot)).user_id, username, active);
    return true;
  },
});
