import { projectMessage } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { randomIdOf } from '../messages/group-call.ts';
import { originOf, stepBox } from '../messages/origin.ts';
import { accessBot } from './access-bot.ts';

/** Lets a bot write to the caller, who has not written to it. */
export const allowSendMessage = defineMethod({
  method: 'bots.allowSendMessage',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { bot: input }) {
    const { botGrants, updates } = ctx.domain;
    const row = await accessBot(ctx, input);
    const bot = { kind: 'user' as const, userId: row.user_id, peerId: row.user_id, isSelf: false, row };
    const told = await botGrants.doAllowWriting({ ownerId: ctx.userId, bot, randomId: randomIdOf(ctx.caller), origin: originOf(ctx) });
    if (told === undefined) return updates.projectAnswer(ctx.userId, []);
    stepBox(ctx, told.pts, 1);
    return updates.projectAnswer(ctx.userId, [{ _: 'updateNewMessage', message: projectMessage(told), pts: told.pts, pts_count: 1 }]);
  },
});
