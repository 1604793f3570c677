import { type Chat, inputChannelOf } from './find-chat.ts';
import type { Message } from './message-shape.ts';
import type { Person } from './person.ts';
import { allSent, readMarked, type Text } from './send.ts';
import { findMessage, readLast } from './talk.ts';

/** Puts a reaction on a message, in the place of those of this person. @param emoji null: takes them away @throws KitError `refused` */
export async function react(person: Person, chat: Chat, { id, emoji }: { id: number; emoji: string | null }): Promise<void> {
  await person.invoke({ _: 'messages.sendReaction', peer: chat.input, msg_id: id, reaction: emoji === null ? [] : [{ _: 'reactionEmoji', emoticon: emoji }] });
}

/** Changes the text of a message. @throws KitError `invalid`, `refused` */
export async function edit(person: Person, chat: Chat, { id, ...text }: Text & { id: number }): Promise<Message> {
  await person.invoke({ _: 'messages.editMessage', peer: chat.input, id, ...readMarked(text) });
  return findMessage(person, chat, id);
}

/** Deletes messages. @throws KitError `refused` */
export async function deleteMessages(person: Person, chat: Chat, { ids, forBoth }: { ids: number[]; forBoth: boolean }): Promise<void> {
  const channel = inputChannelOf(chat.input);
  await (channel === undefined ? person.invoke({ _: 'messages.deleteMessages', id: ids, revoke: forBoth }) : person.invoke({ _: 'channels.deleteMessages', channel, id: ids }));
}

/** Forwards messages. @throws KitError `refused` */
export async function forward(person: Person, from: Chat, to: Chat, ids: number[]): Promise<Message[]> {
  const answer = await person.invoke({ _: 'messages.forwardMessages', from_peer: from.input, to_peer: to.input, id: ids, random_id: ids.map(() => person.kit.random.int64()) });
  return allSent(person, to, answer);
}

/** Reads a chat up to its newest message. @throws KitError `refused` */
export async function readChat(person: Person, chat: Chat): Promise<void> {
  const { messages: [newest] } = await readLast(person, chat, 1);
  if (newest === undefined) return;
  const channel = inputChannelOf(chat.input);
  await (channel === undefined ? person.invoke({ _: 'messages.readHistory', peer: chat.input, max_id: newest.id }) : person.invoke({ _: 'channels.readHistory', channel, max_id: newest.id }));
}

/** Shows that this person is typing. @throws KitError `refused` */
export async function showTyping(person: Person, chat: Chat): Promise<void> {
  await person.invoke({ _: 'messages.setTyping', peer: chat.input, action: { _: 'sendMessageTypingAction' } });
}

/** Pins a message. @throws KitError `refused` */
export async function pin(person: Person, chat: Chat, id: number): Promise<void> {
  await person.invoke({ _: 'messages.updatePinnedMessage', peer: chat.input, id });
}

/** Blocks somebody, or ends that. @throws KitError `refused` */
export async function setBlocked(person: Person, user: Chat, isBlocked: boolean): Promise<void> {
  await person.invoke({ _: isBlocked ? 'contacts.block' : 'contacts.unblock', id: user.input });
}
