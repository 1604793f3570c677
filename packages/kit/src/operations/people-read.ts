import { z } from 'zod';

import { defineOperation } from '../define-operation.ts';
import { findChat } from '../people/find-chat.ts';
import { matchSchema } from '../people/match.ts';
import { messageSchema } from '../people/message-shape.ts';
import { awaitEdit, describeTalk, listMessages, takeNext } from '../people/talk.ts';
import { inChat, messageField, timeoutField } from './fields.ts';

const limit = z.int().min(1).max(100).default(50).describe('How many of the last messages.');

const next = defineOperation({
  name: 'people.next',
  summary: 'Waits for the next message of the other side that matches, after the one that this operation has returned last for this person and chat.',
  params: z.strictObject({ ...inChat, match: matchSchema.optional(), timeoutMs: timeoutField }),
  result: messageSchema,
  async run({ set, signal }, { person: id, chat, match, timeoutMs }) {
    const person = set.person(id);
    return takeNext(person, await findChat(person, chat), match, { timeoutMs, signal });
  },
});

const edited = defineOperation({
  name: 'people.edited',
  summary: 'Waits until a message matches, as it is or by an edit; without a match, until it has been edited.',
  params: z.strictObject({ ...inChat, id: messageField, match: matchSchema.optional(), timeoutMs: timeoutField }),
  result: messageSchema,
  async run({ set, signal }, { person: personId, chat, id, match, timeoutMs }) {
    const person = set.person(personId);
    return awaitEdit(person, await findChat(person, chat), { id, match }, { timeoutMs, signal });
  },
});

const history = defineOperation({
  name: 'people.history',
  summary: 'The last messages of a chat as a person sees them, oldest first.',
  params: z.strictObject({ ...inChat, limit }),
  result: z.array(messageSchema),
  async run({ set }, { person: id, chat, limit: count }) {
    const person = set.person(id);
    return listMessages(person, await findChat(person, chat), count);
  },
});

const talk = defineOperation({
  name: 'people.talk',
  summary: 'A chat as a person sees it, with keyboards drawn as text.',
  params: z.strictObject({ ...inChat, limit }),
  result: z.object({ text: z.string() }),
  async run({ set }, { person: id, chat, limit: count }) {
    const person = set.person(id);
    return { text: await describeTalk(person, await findChat(person, chat), count) };
  },
});

export const READ_OPERATIONS = [next, edited, history, talk];
