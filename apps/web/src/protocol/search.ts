import type { MessageId, PeerId, Snippet, UnixTime } from './models.ts';

/** Messages of all chats, the newest first. */
export interface FoundMessages {
  messages: { peer: PeerId; snippet: Snippet }[];
  /** Where the next page begins, if there is one. */
  next?: { peer: PeerId; message: MessageId; date: UnixTime };
}

/** What can be searched for apart from everything else. */
export type SearchedKind = 'channels' | 'bots';

/** The channels, or the bots, that a search found. */
export interface FoundOfKind {
  /** Those of the account. */
  own: PeerId[];
  /** Public ones; while nothing is searched for, channels that the account might like. */
  others: PeerId[];
}

/** What a search found. */
export interface SearchResult extends FoundMessages {
  /** Own chats and contacts. */
  own: PeerId[];
  /** People, groups and channels that are found by their public names. */
  others: PeerId[];
}
