import type { tl } from '@aerogram/tl';

import { KnownPeers } from './known-peers.ts';
import { LinkedMessages } from './linked-messages.ts';
import { projectMessage } from './message-object.ts';
import type { ObjectSource } from './object-source.ts';

/**
 * The Message objects of an answer, in order. Messages that do not exist and those that bots are not shown are left out.
 * @param answer messages with the users and chats that they name
 */
export async function projectMessages(source: ObjectSource, answer: { messages: readonly tl.Message[]; users: readonly tl.User[]; chats: readonly tl.Chat[] }): Promise<object[]> {
  const messages = answer.messages.filter((message) => message._ !== 'messageEmpty');
  const peers = new KnownPeers(answer);
  const linked = new LinkedMessages(source, peers);
  await linked.complete(messages);
  return messages.map((message) => projectMessage({ source, peers, linked }, message)).filter((object) => object !== undefined);
}
