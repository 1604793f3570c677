import type { CallerTrace } from '../control/caller-trace.ts';
import { CloudError } from '../control/cloud-error.ts';
import { describeValue } from './match.ts';
import type { Message, MessageReference } from './message.ts';

/** What has a chat: a person, a bot, a group. */
export interface HasChat {
  /** How the control API names its chat: an id of a person or a bot, or a negative number of a group or channel. */
  readonly chat: string;
}

/** A chat: a person, a bot, a group, a username with or without `@`, an id as the Bot API writes it, or `me` for the person's own notes. */
export type ChatReference = HasChat | string;

const ID = /^-?\d{1,20}$/;
const USERNAME = /^@?[a-zA-Z]\w{1,63}$/;

/** How the control API names a chat. @throws CloudError `invalid` if it is none */
export function toChat(chat: ChatReference, trace: CallerTrace): string {
  if (typeof chat === 'object' && chat !== null && typeof chat.chat === 'string') return chat.chat;
  if (typeof chat === 'string') {
    if (chat === 'me' || ID.test(chat)) return chat;
    if (USERNAME.test(chat)) return chat.startsWith('@') ? chat : `@${chat}`;
  }
  const hint = chat instanceof Promise ? ' Put await before the call that made it.' : '';
  throw new CloudError('invalid', `${describeValue(chat)} is no chat: give what person(), bot() or createGroup() returned, a username or an id.${hint}`, {}, trace);
}

/** The numbers of messages, which must be of one chat. @throws CloudError `invalid` if they are of several, or none */
export function toMessages(messages: MessageReference | MessageReference[], trace: CallerTrace): { chat: string; ids: number[] } {
  const list = Array.isArray(messages) ? messages : [messages];
  const [first] = list;
  if (first === undefined) throw new CloudError('invalid', 'no message is given', {}, trace);
  for (const message of list) toMessage(message, trace);
  if (list.some(({ chat }) => chat !== first.chat)) throw new CloudError('invalid', 'the messages are of several chats', {}, trace);
  return { chat: first.chat, ids: list.map(({ id }) => id) };
}

/** A message as the control API names it. @throws CloudError `invalid` if it is none */
export function toMessage(message: MessageReference, trace: CallerTrace): { chat: string; id: number } {
  if (isMessage(message)) return { chat: message.chat, id: message.id };
  throw new CloudError('invalid', `${describeValue(message)} is no message: give one that send, next or history returned, or { chat, id }`, {}, trace);
}

/** Whether a value names a message, rather than a chat: its id is a number. */
export function isMessage(value: unknown): value is Message | MessageReference {
  return typeof value === 'object' && value !== null && typeof (value as MessageReference).id === 'number' && typeof (value as MessageReference).chat === 'string';
}
