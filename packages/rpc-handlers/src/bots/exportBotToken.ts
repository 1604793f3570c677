import { defineMethod } from '@aerogram/rpc';

import { accessOwnBot } from './access-own-bot.ts';

export const exportBotToken = defineMethod({
  method: 'bots.exportBotToken',
  access: 'user',
  cost: 20,
  repeat: 'unsafe',
  elsewhere: { bot: 'BOT_INVALID' },
  handler: async (ctx, { bot, revoke }) => {
    const { user_id: botId } = await accessOwnBot(ctx, bot);
    return { _: 'bots.exportedBotToken', token: await ctx.domain.auth.bots.doExportToken(ctx.userId, botId, revoke) };
  },
});
