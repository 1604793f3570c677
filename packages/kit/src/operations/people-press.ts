import { z } from 'zod';

import { defineOperation } from '../define-operation.ts';
import { findChat, findUser } from '../people/find-chat.ts';
import { messageSchema } from '../people/message-shape.ts';
import { askInline, chooseResult, press } from '../people/press.ts';
import { chatField, idField, inChat, messageField, timeoutField } from './fields.ts';

const pressButton = defineOperation({
  name: 'people.press',
  summary: 'Presses the button with a label, on the newest message that has one, or on the one that is named. Waits for the answer of the bot if the button asks for one.',
  params: z.strictObject({ ...inChat, label: z.string().min(1).max(256), message: messageField.optional(), timeoutMs: timeoutField }),
  result: z.object({
    kind: z
      .enum(['answered', 'sent', 'url', 'inline', 'copied'])
      .describe('answered: the bot has answered; sent: the button has sent a message; url: it opens a page; inline: it begins the inline query `text`; copied: it copies `text`.'),
    text: z.string().optional(),
    alert: z.boolean().optional().describe('Whether the answer is shown as an alert.'),
    url: z.string().optional(),
    message: messageSchema.optional(),
  }),
  async run({ set, signal }, { person: id, chat, label, message, timeoutMs }) {
    const person = set.person(id);
    return press(person, await findChat(person, chat), { label, message }, { timeoutMs, signal });
  },
});

const inline = defineOperation({
  name: 'people.inline',
  summary: 'Asks a bot inline, and waits for what it offers.',
  params: z.strictObject({
    person: idField,
    bot: chatField,
    query: z.string().max(512),
    chat: chatField.optional().describe('Where the result would be sent; left out: the chat with the bot.'),
    offset: z.string().max(64).default(''),
    timeoutMs: timeoutField,
  }),
  result: z.object({
    queryId: z.string(),
    results: z.array(z.object({ id: z.string(), type: z.string(), title: z.string().optional(), description: z.string().optional() })),
    switchPm: z.object({ text: z.string(), startParam: z.string() }).optional().describe('The button above the results.'),
    nextOffset: z.string().optional(),
  }),
  async run({ set, signal }, { person: id, bot, query, chat, offset, timeoutMs }) {
    const person = set.person(id);
    const asked = await findUser(person, bot);
    return askInline(person, asked, { chat: chat === undefined ? asked : await findChat(person, chat), query, offset }, { timeoutMs, signal });
  },
});

const choose = defineOperation({
  name: 'people.choose',
  summary: 'Sends a result that a bot has offered inline.',
  params: z.strictObject({ ...inChat, queryId: z.string().regex(/^-?\d{1,19}$/), id: z.string().min(1).max(64) }),
  result: messageSchema,
  async run({ set }, { person: personId, chat, queryId, id }) {
    const person = set.person(personId);
    return chooseResult(person, await findChat(person, chat), { queryId, id });
  },
});

export const PRESS_OPERATIONS = [pressButton, inline, choose];
