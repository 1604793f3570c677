import type { Actor } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import type { Scenario } from './scenario.ts';

/** A basic group in a story. */
export interface Group {
  id: number;
  peer: tl.RawInputPeerChat;
}

/** New people with these names. */
export async function people(scenario: Scenario, ...names: string[]): Promise<Actor[]> {
  const actors: Actor[] = [];
  for (const name of names) actors.push(await scenario.world.user(name));
  return actors;
}

/** Creates a group, and waits until all members see it. */
export async function createGroup(creator: Actor, others: readonly Actor[]): Promise<Group> {
  for (const other of others) await creator.meet(other);
  const users = others.map((other) => creator.main.inputUser(other.id));
  const { updates } = await creator.main.invite({ _: 'messages.createChat', users, title: 'Climbing' });
  const { id } = (updates as tl.RawUpdates).chats[0] as tl.RawChat;
  for (const other of others) await other.sees('action:messageActionChatCreate');
  return { id, peer: { _: 'inputPeerChat', chatId: id } };
}

/**
 * Sends a text to a group.
 * @param more.replyTo message id of the author's copy
 */
export async function write(actor: Actor, { peer }: Group, message: string, more: { replyTo?: number; entities?: tl.TypeMessageEntity[] } = {}): Promise<void> {
  const replyTo: tl.TypeInputReplyTo | undefined = more.replyTo === undefined ? undefined : { _: 'inputReplyToMessage', replyToMsgId: more.replyTo };
  await actor.main.change({ _: 'messages.sendMessage', peer, message, randomId: randomLong(), replyTo, entities: more.entities });
}

/** Somebody leaves a group. */
export async function leave(actor: Actor, { id }: Group): Promise<tl.RawUpdates> {
  return (await actor.main.change({ _: 'messages.deleteChatUser', chatId: id, userId: { _: 'inputUserSelf' } })) as tl.RawUpdates;
}

/** Makes a member an admin of a group, or no longer. */
export async function promote(actor: Actor, { id }: Group, member: Actor, isAdmin = true): Promise<void> {
  await actor.main.change({ _: 'messages.editChatAdmin', chatId: id, userId: actor.main.inputUser(member.id), isAdmin });
}
