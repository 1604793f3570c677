import { z } from 'zod';

import { defineOperation } from '../define-operation.ts';
import { findChat } from '../people/find-chat.ts';
import { messageSchema } from '../people/message-shape.ts';
import { sendText } from '../people/send.ts';
import { inChat, messageField, textField } from './fields.ts';

const parseMode = z.enum(['none', 'HTML', 'MarkdownV2']).default('none').describe('How the text is marked, as in the Bot API.');

const send = defineOperation({
  name: 'people.send',
  summary: 'Sends a message.',
  params: z.strictObject({ ...inChat, text: textField.default(''), parseMode, replyTo: messageField.optional(), silent: z.boolean().optional() }),
  result: messageSchema,
  async run({ set }, { person: id, chat, text, parseMode: mode, replyTo, silent }) {
    const person = set.person(id);
    return sendText(person, await findChat(person, chat), { text, parseMode: mode }, { replyTo, silent });
  },
});

export const peopleWriteOperations = [send];
