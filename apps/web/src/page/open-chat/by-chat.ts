import type { Message, PeerId } from '../../protocol/index.ts';

/** Messages of one history by the chat in which they were written: before those of a supergroup stand those of the basic group from which it was made. Pure. */
export function byChat(messages: readonly Message[]): { peer: PeerId; messages: Message[] }[] {
  const chats = new Map<PeerId, Message[]>();
  for (const message of messages) {
    const others = chats.get(message.peer);
    if (others) others.push(message);
    else chats.set(message.peer, [message]);
  }
  return [...chats].map(([peer, own]) => ({ peer, messages: own }));
}
