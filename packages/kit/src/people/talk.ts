import { onChannelHint, onUserHint } from '@aerogram/domain';
import { isMarkedChannel } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import { KitError } from '../kit-error.ts';
import { drawTalk } from './draw-talk.ts';
import { type Chat, inputChannelOf } from './find-chat.ts';
import { KnownNames } from './known-names.ts';
import { compileMatch, describeMatch, type Match } from './match.ts';
import type { Message } from './message-shape.ts';
import type { Person } from './person.ts';
import { projectMessage } from './project-message.ts';
import { waitFor } from './wait-for.ts';

/** Most messages that one call of the server brings. */
const PAGE = 100;
/** Messages of a chat that an error shows. */
const SHOWN = 20;

/** How long somebody waits. */
export interface Patience {
  timeoutMs: number;
  signal: AbortSignal;
}

/** Messages with the users and chats that they name. */
export interface FoundMessages {
  messages: readonly tl.Message[];
  users: readonly tl.User[];
  chats: readonly tl.Chat[];
}

/** The last messages of a chat as a person sees it, oldest first. @throws KitError `refused` */
export async function listMessages(person: Person, chat: Chat, limit: number): Promise<Message[]> {
  return project(person, await readLast(person, chat, limit));
}

/** The last messages of a chat as the server has them, newest first. @throws KitError `refused` */
export async function readLast(person: Person, chat: Chat, limit: number): Promise<FoundMessages> {
  return messagesIn(await person.invoke({ _: 'messages.getHistory', peer: chat.input, offset_id: 0, offset_date: 0, add_offset: 0, limit, max_id: 0, min_id: 0, hash: 0n }));
}

/** The chat as a person sees it, with keyboards drawn as text. @throws KitError `refused` */
export async function describeTalk(person: Person, chat: Chat, limit = SHOWN): Promise<string> {
  return drawTalk(`${chat.name} as ${person.name} sees it`, await listMessages(person, chat, limit));
}

/** Reads messages by their ids, in the order of the ids; those that are gone are left out. @throws KitError `refused` */
export async function readMessages(person: Person, chat: Chat, ids: readonly number[]): Promise<FoundMessages> {
  const id = ids.map((one): tl.inputMessageID => ({ _: 'inputMessageID', id: one }));
  const channel = inputChannelOf(chat.input);
  return messagesIn(await (channel === undefined ? person.invoke({ _: 'messages.getMessages', id }) : person.invoke({ _: 'channels.getMessages', channel, id })));
}

/** A message by its id. @throws KitError `invalid` when there is none in this chat, `refused` */
export async function findMessage(person: Person, chat: Chat, id: number): Promise<Message> {
  const [message] = project(person, await readMessages(person, chat, [id]));
  if (message === undefined || message.chat !== String(chat.peerId)) throw new KitError('invalid', `${person.name} sees no message ${id} in the chat with ${chat.name}`);
  return message;
}

/**
 * Waits for the next message of the other side that matches, after the last one that this person has taken in the chat, and takes it. Service messages are
 * skipped unless the match names an action. Of several waits at the same time no two get the same message.
 * @throws KitError `timeout` with the talk, `invalid`, `refused`
 */
export async function takeNext(person: Person, chat: Chat, match: Match | undefined, patience: Patience): Promise<Message> {
  const matches = compileMatch(match);
  using wait = person.takenIn(chat.peerId).wait();
  const find = async (): Promise<Message | undefined> => {
    for (let after = wait.after; ; ) {
      const page = await listAfter(person, chat, after);
      const found = page.find((message) => !message.out && (message.action === undefined || match?.action !== undefined) && wait.isFree(message.id) && matches(message));
      // At once, before another wait looks.
      if (found !== undefined) wait.take(found.id);
      if (found !== undefined || page.length < PAGE) return found;
      after = page.at(-1)!.id;
    }
  };
  const found = await waitInChat(person, chat, patience, find);
  if (found === undefined) throw await timedOut(person, chat, patience, `for a message of ${chat.name}${describeMatch(match)}`);
  return found;
}

/**
 * Waits until a message matches, as it is or by an edit.
 * @throws KitError `timeout` with the talk, `invalid`, `refused`
 */
export async function awaitEdit(person: Person, chat: Chat, { id, match }: { id: number; match: Match | undefined }, patience: Patience): Promise<Message> {
  const matches = compileMatch(match);
  const first = await findMessage(person, chat, id);
  const isWanted = match === undefined ? (message: Message): boolean => message.editDate !== undefined : matches;
  if (isWanted(first)) return first;
  const found = await waitInChat(person, chat, patience, async () => {
    const message = await findMessage(person, chat, id);
    return isWanted(message) ? message : undefined;
  });
  if (found === undefined) throw await timedOut(person, chat, patience, `for an edit of message ${id} in the chat with ${chat.name}${describeMatch(match)}`);
  return found;
}

/** Looks for something in a chat until it is there: after each hint that something has changed in it. */
export function waitInChat<T>(person: Person, chat: Chat, { timeoutMs, signal }: Patience, find: () => Promise<T | undefined>): Promise<T | undefined> {
  const { bus, realClock: clock } = person.kit;
  const onHint = (listener: () => void): Disposable => {
    const hints = isMarkedChannel(chat.peerId) ? onChannelHint(bus, chat.peerId, listener) : onUserHint(bus, person.id, listener);
    const reconnects = bus.onReconnect(listener);
    return {
      [Symbol.dispose]() {
        hints[Symbol.dispose]();
        reconnects[Symbol.dispose]();
      },
    };
  };
  return waitFor({ clock, timeoutMs, signal, onHint, find });
}

/** The error of a wait that was in vain. @param what follows "Ann waited 5 s" */
export async function timedOut(person: Person, chat: Chat, { timeoutMs, signal }: Patience, what: string): Promise<KitError> {
  const talk = signal.aborted ? undefined : await describeTalk(person, chat).catch(() => undefined);
  return new KitError('timeout', `${person.name} waited ${timeoutMs / 1000} s ${what}${hintAtSilence(person, chat)}`, talk === undefined ? {} : { talk });
}

/** What may be wrong with a bot that has never called: most often it does not run, or elsewhere. */
function hintAtSilence({ kit, set }: Person, { peerId, name }: Chat): string {
  if (!set.bots.has(peerId) || kit.botCalls.newest(new Set([peerId])) > 0) return '';
  return `; no call of ${name} was answered so far: does it run, with the token and the root URL of this cloud?`;
}

/** Projects messages, oldest first. Pure. */
export function project(person: Pick<Person, 'id'>, { messages, users, chats }: FoundMessages): Message[] {
  const names = new KnownNames({ users, chats });
  return messages.flatMap((message) => projectMessage(message, person.id, names) ?? []).sort((a, b) => a.id - b.id);
}

/** The page of messages that follow one, oldest first. */
async function listAfter(person: Person, chat: Chat, id: number): Promise<Message[]> {
  const answer = await person.invoke({ _: 'messages.getHistory', peer: chat.input, offset_id: id + 1, offset_date: 0, add_offset: -PAGE, limit: PAGE, max_id: 0, min_id: id, hash: 0n });
  return project(person, messagesIn(answer));
}

function messagesIn(answer: tl.messages.Messages): FoundMessages {
  return answer._ === 'messages.messagesNotModified' ? { messages: [], users: [], chats: [] } : answer;
}
