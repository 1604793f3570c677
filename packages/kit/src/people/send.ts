import { BotError, readText, TEXT_NAMES } from '@aerogram/bot-api';
import type { tl } from '@aerogram/tl';

import { KitError } from '../kit-error.ts';
import { type Chat } from './find-chat.ts';
import type { Message } from './message-shape.ts';
import type { Person } from './person.ts';
import { project, readMessages } from './talk.ts';

/** How a text is marked. */
export type ParseMode = 'none' | 'HTML' | 'MarkdownV2';

/** A text that a person writes. */
export interface Text {
  text: string;
  parseMode?: ParseMode | undefined;
}

/** What a send is besides its content. */
export interface SendOptions {
  replyTo?: number | undefined;
  silent?: boolean | undefined;
}

/** Sends a text. @throws KitError `invalid` (the marks are wrong), `refused` */
export async function sendText(person: Person, chat: Chat, text: Text, options: SendOptions = {}): Promise<Message> {
  const { message, entities } = readMarked(text);
  return sent(person, chat, await person.invoke({ _: 'messages.sendMessage', peer: chat.input, message, entities, random_id: person.kit.random.int64(), ...sendFields(options) }));
}

/** The fields that all sends have in common. Pure. */
export function sendFields({ replyTo, silent }: SendOptions): { silent: boolean | undefined; reply_to: tl.inputReplyToMessage | undefined } {
  return { silent, reply_to: replyTo === undefined ? undefined : { _: 'inputReplyToMessage', reply_to_msg_id: replyTo } };
}

/** Reads a text with its marks, as bots write them. Pure. @throws KitError `invalid` */
export function readMarked({ text, parseMode = 'none' }: Text): { message: string; entities: tl.MessageEntity[] } {
  if (parseMode === 'none') return { message: text, entities: [] };
  const fields = { text, parse_mode: parseMode, entities: '' };
  try {
    return readText({ text: (name: keyof typeof fields) => fields[name] }, TEXT_NAMES);
  } catch (error) {
    if (!(error instanceof BotError)) throw error;
    throw new KitError('invalid', `The text cannot be read as ${parseMode}: ${error.message}`);
  }
}

/** The message that a call has sent. */
export async function sent(person: Person, chat: Chat, answer: tl.Updates): Promise<Message> {
  const [message] = await allSent(person, chat, answer);
  if (message === undefined) throw new Error('the answer of a send has no message');
  return message;
}

/** The messages that a call has sent, oldest first. */
export async function allSent(person: Person, chat: Chat, answer: tl.Updates): Promise<Message[]> {
  return project(person, await readMessages(person, chat, idsOf(answer)));
}

function idsOf(answer: tl.Updates): number[] {
  if (answer._ === 'updateShortSentMessage') return [answer.id];
  if (answer._ !== 'updates') return [];
  return answer.updates.flatMap((update) => (update._ === 'updateNewMessage' || update._ === 'updateNewChannelMessage' || update._ === 'updateEditMessage' || update._ === 'updateEditChannelMessage' ? [update.message.id] : []));
}
