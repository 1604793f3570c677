import type { PeerId } from '../models.ts';
import type { Peer } from '../peers.ts';

/** People, groups and channels. */
export interface PeerQuestions {
  'peers.get': { say: { peer: PeerId }; get: Peer };
  'peers.resolve': { say: { username: string }; get: PeerId };
  /** People who can be mentioned in a chat, by the beginning of their names. */
  'peers.findMentionable': { say: { peer: PeerId; query: string }; get: PeerId[] };
}
