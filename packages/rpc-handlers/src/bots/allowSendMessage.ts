import { defineMethod } from '@aerogram/rpc';

import { randomIdOf } from '../group-call.ts';
import { originOf } from '../origin.ts';
import { projectNew } from '../messages/project-sent.ts';
import { accessBot } from './access-bot.ts';

/** Lets a bot write to the caller, who has not written to it. */
export const allowSendMessage = defineMethod({
  method: 'bots.allowSendMessage',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  elsewhere: { bot: 'BOT_INVALID' },
  presence: 'acting',
  async handler(ctx, { bot: input }) {
    const row = await accessBot(ctx, input);
    const bot = { kind: 'user' as const, userId: row.user_id, peerId: row.user_id, isSelf: false, row };
    const told = await ctx.domain.botGrants.doAllowWriting({ ownerId: ctx.userId, bot, randomId: randomIdOf(ctx.caller), origin: originOf(ctx) });
    return projectNew(ctx, told === undefined ? [] : [told]);
  },
});
