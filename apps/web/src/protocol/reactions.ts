// What is said of reactions beside what messages show.
import type { PeerId, UnixTime } from './models.ts';

/** What stands before the id in the key of a custom emoji. A reaction is named by its key: the emoji, or this and the id of a custom emoji. */
export const CUSTOM_REACTION = '#';

/** The id of the custom emoji that a key of a reaction names; undefined if it is a plain emoji. Pure. */
export const customIdOf = (key: string): string | undefined => (key.startsWith(CUSTOM_REACTION) ? key.slice(CUSTOM_REACTION.length) : undefined);

/** Somebody who has reacted to a message. */
export interface Reactor {
  peer: PeerId;
  /** The key of the reaction. */
  emoji: string;
  date: UnixTime;
}

/** Which reactions members of a group or channel may give, by their keys; `limit`: how many different ones a message may have; `custom`: all custom emoji, too. */
export type AllowedReactions = { limit?: number } & ({ kind: 'all'; custom?: boolean } | { kind: 'none' } | { kind: 'some'; emoji: string[] });

/** The reactions that the server offers. */
export interface ReactionChoice {
  /** Plain emoji. */
  emoji: string[];
  /** The keys of those that the account and others give most, the most frequent first. */
  top: string[];
  /** The key of what a double click means. */
  standard: string;
  /** How many different ones a message may have. */
  uniqueMax: number;
}
