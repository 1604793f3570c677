import type { MessageId, PeerId } from '../../protocol/index.ts';

/** What has changed since the open views were last told. */
export class Changes {
  readonly peers = new Set<PeerId>();
  readonly chats = new Set<PeerId>();
  /** Messages that are new or different, or gone. */
  readonly messages = new Map<PeerId, Set<MessageId>>();
  /** Topics that are new or different, or gone, by forum. */
  readonly topics = new Map<PeerId, Set<MessageId>>();
  /** Chats whose known messages were forgotten, because the account was away for too long. */
  readonly voided = new Set<PeerId>();
  /** Chats with another set of messages on their way. */
  readonly outbox = new Set<PeerId>();
  /** Groups with a thread of which more is known. */
  readonly threads = new Set<PeerId>();
  readonly typing = new Set<PeerId>();
  /** Chats of which something in their `ChatView` is different. */
  readonly details = new Set<PeerId>();
  /** The folders, or which kinds of chats are muted. */
  folders = false;
  /** Some chats are not muted any more, because the time for which they were muted is over. */
  mutes = false;
  /** Who was found lately in the search box. */
  recents = false;
  /** The sets of stickers or custom emoji. */
  stickers = false;
  session = false;

  message(peer: PeerId, id: MessageId): void {
    add(this.messages, peer, id);
  }

  topic(peer: PeerId, id: MessageId): void {
    add(this.topics, peer, id);
  }
}

function add(to: Map<PeerId, Set<MessageId>>, peer: PeerId, id: MessageId): void {
  const ids = to.get(peer);
  if (ids) ids.add(id);
  else to.set(peer, new Set([id]));
}
