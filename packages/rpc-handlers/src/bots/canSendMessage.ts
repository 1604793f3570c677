import { defineMethod } from '@aerogram/rpc';

import { accessBot } from './access-bot.ts';

export const canSendMessage = defineMethod({
  method: 'bots.canSendMessage',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: async (ctx, { bot }) => ctx.domain.botRows.mayWriteTo((await accessBot(ctx, bot)).user_id, ctx.userId),
});
