// What is said of reactions beside what messages show.
import type { PeerId, UnixTime } from './models.ts';

/** Somebody who has reacted to a message. */
export interface Reactor {
  peer: PeerId;
  emoji: string;
  date: UnixTime;
}

/** Which reactions members of a group or channel may give; `limit`: how many different ones a message may have. */
export type AllowedReactions = { limit?: number } & ({ kind: 'all' | 'none' } | { kind: 'some'; emoji: string[] });

/** The reactions that the server offers. */
export interface ReactionChoice {
  emoji: string[];
  /** Those that the account and others give most, the most frequent first. */
  top: string[];
  /** What a double click means. */
  standard: string;
  /** How many different ones a message may have. */
  uniqueMax: number;
}
