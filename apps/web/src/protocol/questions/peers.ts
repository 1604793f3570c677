import type { Peer, PeerId } from '../models.ts';
import type { SearchResult } from '../search.ts';

/** People, groups, channels, and how they are found. */
export interface PeerQuestions {
  'peers.get': { say: { peer: PeerId }; get: Peer };
  'peers.resolve': { say: { username: string }; get: PeerId };
  /** People who can be mentioned in a chat, by the beginning of their names. */
  'peers.findMentionable': { say: { peer: PeerId; query: string }; get: PeerId[] };
  'search.everywhere': { say: { query: string }; get: SearchResult };
}
