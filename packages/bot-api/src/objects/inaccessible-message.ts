import type { JsonObject } from './json-object.ts';
import type { KnownPeers } from './known-peers.ts';
import type { MessagePlace } from './linked-messages.ts';

/** An InaccessibleMessage object: the message was deleted, or the bot does not see it. */
export function projectInaccessible({ peer, id }: MessagePlace, peers: KnownPeers): JsonObject {
  return { chat: peers.chat(peer), message_id: id, date: 0 };
}
