import { isExternal } from './forward-object.ts';
import { ifTrue, type JsonObject } from './json-object.ts';
import type { KnownPeers } from './known-peers.ts';
import type { ShownMessage } from './linked-messages.ts';

/** The thread of a supergroup to which a message belongs. */
export interface MessageThread {
  /** The id of its first message. */
  id: number;
  /** Whether it is a topic of a forum. */
  isTopic: boolean;
}

/**
 * The thread of a message of a supergroup: its topic, or else the thread in which it is a reply. Replies in the topic General have a thread in the same way, as with the official server.
 * @returns undefined for a message that is neither in a topic other than General nor a reply
 */
export function threadOf(message: ShownMessage): MessageThread | undefined {
  const { id, reply_to: header, peer_id: chat } = message;
  if (message._ === 'messageService' && message.action._ === 'messageActionTopicCreate') return { id, isTopic: true };
  if (header?._ !== 'messageReplyHeader') return undefined;
  const isTopic = header.forum_topic === true;
  // A message that was pinned is no reply.
  if (!isTopic && message._ === 'messageService') return undefined;
  const first = header.reply_to_top_id ?? (isExternal(header, chat) ? undefined : header.reply_to_msg_id);
  return first === undefined ? undefined : { id: first, isTopic };
}

/** The fields of a message that say to which thread it belongs. */
export function projectThread(message: ShownMessage, peers: KnownPeers): JsonObject {
  const thread = peers.kind(message.peer_id) === 'supergroup' ? threadOf(message) : undefined;
  return { message_thread_id: thread?.id, is_topic_message: ifTrue(thread?.isTopic) };
}
