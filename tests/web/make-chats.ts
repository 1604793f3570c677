import type { Actor } from '@aerogram/dev-env';

/** Makes a basic group of an actor. @returns its marked id */
export async function makeGroup(owner: Actor, title: string, others: readonly Actor[]): Promise<number> {
  const made = await owner.main.invite({ _: 'messages.createChat', title, users: others.map((other) => owner.main.inputUser(other.id)) });
  if (made.updates._ !== 'updates') throw new Error(made.updates._);
  return -made.updates.chats[0]!.id;
}
