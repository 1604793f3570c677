import { z } from 'zod';

import { makeBot } from '../bots/make-bot.ts';
import { setBot } from '../bots/set-bot.ts';
import { defineOperation } from '../define-operation.ts';
import { idField, nothing } from './fields.ts';

const create = defineOperation({
  name: 'bots.create',
  summary: 'Makes a bot. It takes inline queries, may be added to groups, and sees only what concerns it there.',
  params: z.strictObject({
    username: z.string().min(1).max(33).optional().describe('Ends in "bot"; left out: one that is free.'),
    name: z.string().min(1).max(64).optional(),
  }),
  result: z.object({ id: z.string(), username: z.string(), name: z.string(), token: z.string() }),
  async run({ kit, set }, choice) {
    const { id, username, name, token } = await set.make(() => makeBot(kit, set, choice));
    return { id: String(id), username, name, token };
  },
});

const remove = defineOperation({
  name: 'bots.delete',
  summary: 'Deletes a bot. Its token is not valid any more, and its username is free.',
  params: z.strictObject({ bot: idField }),
  result: nothing,
  async run({ kit, set }, { bot: botId }) {
    const { id } = set.bot(botId);
    set.removeBot(id);
    await kit.domain.auth.doDeleteBot(undefined, id);
    kit.botCalls.forget(new Set([id]));
    return {};
  },
});

const setPrivacy = defineOperation({
  name: 'bots.setPrivacy',
  summary: 'Sets whether a bot sees only what concerns it in groups. It counts for groups to which it is added afterwards.',
  params: z.strictObject({ bot: idField, on: z.boolean() }),
  result: nothing,
  async run({ kit, set }, { bot, on }) {
    await setBot(kit, set.bot(bot), { reads_all: !on });
    return {};
  },
});

const setInline = defineOperation({
  name: 'bots.setInline',
  summary: 'Sets the text in the empty field of an inline query, or that a bot takes none.',
  params: z.strictObject({ bot: idField, placeholder: z.string().max(64).nullable() }),
  result: nothing,
  async run({ kit, set }, { bot, placeholder }) {
    await setBot(kit, set.bot(bot), { inline_placeholder: placeholder });
    return {};
  },
});

export const BOT_OPERATIONS = [create, remove, setPrivacy, setInline];
