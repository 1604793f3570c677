import { z } from 'zod';

import { defineOperation } from '../define-operation.ts';
import { deleteMessages, edit, forward, pin, react, readChat, setBlocked, showTyping } from '../people/act-on-messages.ts';
import { findChat, findUser } from '../people/find-chat.ts';
import { messageSchema } from '../people/message-shape.ts';
import { sendText } from '../people/send.ts';
import { sendMedia } from '../people/upload.ts';
import { base64Field, chatField, idField, inChat, messageField, nothing, textField } from './fields.ts';

const parseMode = z.enum(['none', 'HTML', 'MarkdownV2']).default('none').describe('How the text is marked, as in the Bot API.');
const ids = z.array(messageField).min(1).max(100);

const send = defineOperation({
  name: 'people.send',
  summary: 'Sends a message: a text, or media with the text as caption.',
  params: z.strictObject({
    ...inChat,
    text: textField.default(''),
    parseMode,
    replyTo: messageField.optional(),
    silent: z.boolean().optional(),
    media: z
      .strictObject({
        kind: z.enum(['photo', 'video', 'animation', 'document', 'audio', 'voice', 'video_note', 'sticker']),
        name: z.string().max(255).optional().describe('Name of the file.'),
        base64: base64Field.optional().describe('The file itself.'),
        file: z.string().max(32).optional().describe('What people.upload has returned, in place of the file itself.'),
        caption: textField.optional().describe('Another place for the text.'),
      })
      .optional(),
  }),
  result: messageSchema,
  async run({ set }, { person: id, chat, text, parseMode: mode, replyTo, silent, media }) {
    const person = set.person(id);
    const place = await findChat(person, chat);
    if (media === undefined) return sendText(person, place, { text, parseMode: mode }, { replyTo, silent });
    return sendMedia(person, place, { text: media.caption ?? text, parseMode: mode, media }, { replyTo, silent });
  },
});

const editText = defineOperation({
  name: 'people.edit',
  summary: 'Changes the text of a message.',
  params: z.strictObject({ ...inChat, id: messageField, text: textField, parseMode }),
  result: messageSchema,
  async run({ set }, { person: personId, chat, id, text, parseMode: mode }) {
    const person = set.person(personId);
    return edit(person, await findChat(person, chat), { id, text, parseMode: mode });
  },
});

const remove = defineOperation({
  name: 'people.delete',
  summary: 'Deletes messages.',
  params: z.strictObject({ ...inChat, ids, forBoth: z.boolean().default(true).describe('Whether they are gone for the other side too.') }),
  result: nothing,
  async run({ set }, { person: id, chat, ids: messages, forBoth }) {
    const person = set.person(id);
    await deleteMessages(person, await findChat(person, chat), { ids: messages, forBoth });
    return {};
  },
});

const forwardAll = defineOperation({
  name: 'people.forward',
  summary: 'Forwards messages.',
  params: z.strictObject({ person: idField, from: chatField, ids, to: chatField }),
  result: z.array(messageSchema),
  async run({ set }, { person: id, from, ids: messages, to }) {
    const person = set.person(id);
    return forward(person, await findChat(person, from), await findChat(person, to), messages);
  },
});

const reactTo = defineOperation({
  name: 'people.react',
  summary: 'Puts a reaction on a message, in the place of the one before, or takes it away.',
  params: z.strictObject({ ...inChat, id: messageField, emoji: z.string().min(1).max(32).nullable() }),
  result: nothing,
  async run({ set }, { person: personId, chat, id, emoji }) {
    const person = set.person(personId);
    await react(person, await findChat(person, chat), { id, emoji });
    return {};
  },
});

const read = defineOperation({
  name: 'people.read',
  summary: 'Reads a chat up to its newest message.',
  params: z.strictObject(inChat),
  result: nothing,
  async run({ set }, { person: id, chat }) {
    const person = set.person(id);
    await readChat(person, await findChat(person, chat));
    return {};
  },
});

const type = defineOperation({
  name: 'people.type',
  summary: 'Shows that a person is typing.',
  params: z.strictObject(inChat),
  result: nothing,
  async run({ set }, { person: id, chat }) {
    const person = set.person(id);
    await showTyping(person, await findChat(person, chat));
    return {};
  },
});

const pinMessage = defineOperation({
  name: 'people.pin',
  summary: 'Pins a message.',
  params: z.strictObject({ ...inChat, id: messageField }),
  result: nothing,
  async run({ set }, { person: personId, chat, id }) {
    const person = set.person(personId);
    await pin(person, await findChat(person, chat), id);
    return {};
  },
});

const block = defineOperation({
  name: 'people.block',
  summary: 'Blocks a person or stops a bot.',
  params: z.strictObject({ person: idField, user: chatField }),
  result: nothing,
  async run({ set }, { person: id, user }) {
    const person = set.person(id);
    await setBlocked(person, await findUser(person, user), true);
    return {};
  },
});

const unblock = defineOperation({
  name: 'people.unblock',
  summary: 'Ends a block.',
  params: z.strictObject({ person: idField, user: chatField }),
  result: nothing,
  async run({ set }, { person: id, user }) {
    const person = set.person(id);
    await setBlocked(person, await findUser(person, user), false);
    return {};
  },
});

export const WRITE_OPERATIONS = [send, editText, remove, forwardAll, reactTo, read, type, pinMessage, block, unblock];
