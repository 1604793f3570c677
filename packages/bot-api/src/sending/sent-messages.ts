import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { projectMessages } from '../objects/index.ts';

/** Messages with the users and chats that they name. */
export interface FoundMessages<M extends tl.Message = tl.Message> {
  messages: M[];
  users: tl.User[];
  chats: tl.Chat[];
}

/** The messages that a call has sent or edited, as its answer has them. Pure. */
export function messagesOf(answer: tl.Updates): FoundMessages {
  if (answer._ !== 'updates') return { messages: [], users: [], chats: [] };
  const { users, chats } = answer;
  return { messages: answer.updates.flatMap((update) => messageOf(update) ?? []), users, chats };
}

function messageOf(update: tl.Update): tl.Message | undefined {
  switch (update._) {
    case 'updateNewMessage':
    case 'updateNewChannelMessage':
    case 'updateEditMessage':
    case 'updateEditChannelMessage':
      return update.message;
    default:
      return undefined;
  }
}

/** The Message objects of an answer, in the order of their ids. */
export async function projectSent(call: BotCall, answer: tl.Updates): Promise<object[]> {
  const found = messagesOf(answer);
  return projectMessages(call, { ...found, messages: found.messages.toSorted((a, b) => a.id - b.id) });
}

/** The Message object of an answer about one message. */
export async function projectOne(call: BotCall, answer: tl.Updates): Promise<object> {
  const [message] = await projectSent(call, answer);
  if (message === undefined) throw new Error('the answer of a send has no message');
  return message;
}

/** The MessageId objects of an answer, in the order of their ids. Pure. */
export function messageIdsOf(answer: tl.Updates): { message_id: number }[] {
  return messagesOf(answer).messages.map(({ id }) => ({ message_id: id })).toSorted((a, b) => a.message_id - b.message_id);
}
