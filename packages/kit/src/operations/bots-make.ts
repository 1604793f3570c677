import { z } from 'zod';

import { makeBot } from '../bots/make-bot.ts';
import { defineOperation } from '../define-operation.ts';

const create = defineOperation({
  name: 'bots.create',
  summary: 'Makes a bot. It takes inline queries, may be added to groups, and sees only what concerns it there.',
  params: z.strictObject({
    username: z.string().min(1).max(33).optional().describe('Ends in "bot"; left out: one that is free.'),
    name: z.string().min(1).max(64).optional(),
  }),
  result: z.object({ id: z.string(), username: z.string(), name: z.string(), token: z.string() }),
  async run({ kit, set }, choice) {
    const { id, username, name, token } = await makeBot(kit, set, choice);
    return { id: String(id), username, name, token };
  },
});

export const botsMakeOperations = [create];
