import type { PeerId, Snippet } from './models.ts';

/** What a search found. */
export interface SearchResult {
  /** Own chats and contacts. */
  own: PeerId[];
  /** People, groups and channels that are found by their public names. */
  others: PeerId[];
  messages: { peer: PeerId; snippet: Snippet }[];
}
