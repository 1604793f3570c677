import type { MessageId, PeerId, Snippet, UnixTime } from './models.ts';

/** Messages of all chats, the newest first. */
export interface FoundMessages {
  messages: { peer: PeerId; snippet: Snippet }[];
  /** Where the next page begins, if there is one. */
  next?: { peer: PeerId; message: MessageId; date: UnixTime };
}

/** What a search found. */
export interface SearchResult extends FoundMessages {
  /** Own chats and contacts. */
  own: PeerId[];
  /** People, groups and channels that are found by their public names. */
  others: PeerId[];
}
