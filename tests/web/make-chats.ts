import type { Actor } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';

/** The id that the server has given to the message of a send, or to the first message of a topic. */
export function idOfSent(answer: tl.TypeUpdates): number {
  const named = answer._ === 'updates' ? answer.updates.find((update) => update._ === 'updateMessageID') : undefined;
  if (named?._ !== 'updateMessageID') throw new Error(answer._);
  return named.id;
}

/** Makes a basic group of an actor. @returns its marked id */
export async function makeGroup(owner: Actor, title: string, others: readonly Actor[]): Promise<number> {
  const made = await owner.main.invite({ _: 'messages.createChat', title, users: others.map((other) => owner.main.inputUser(other.id)) });
  if (made.updates._ !== 'updates') throw new Error(made.updates._);
  return -made.updates.chats[0]!.id;
}
