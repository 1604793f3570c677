import { defineMethod } from '@aerogram/rpc';

import { accessBot } from './access-bot.ts';

/** Whether a bot may write to the caller: they have written to it or allowed it, and do not block it. */
export const canSendMessage = defineMethod({
  method: 'bots.canSendMessage',
  access: 'user',
  cost: 1,
  repeat: 'read',
  elsewhere: { bot: 'BOT_INVALID' },
  async handler(ctx, { bot }) {
    const { botRows, users } = ctx.domain;
    const { user_id: botId } = await accessBot(ctx, bot);
    return (await botRows.mayWriteTo(botId, ctx.userId)) && !(await users.findRelation(ctx.userId, botId)).blocks;
  },
});
