import type { BoxEvent, BoxPosition, BoxReach, KnownPositions } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

/** A part of a box's history, and where it ends. */
export interface EventSlice extends BoxPosition {
  /** In ascending pts: all that the reader lacked up to `pts` and `looseSeq`. */
  events: BoxEvent[];
  /** The box goes on beyond `pts`. */
  more: boolean;
}

/** What the pusher reads; `domain.updates` is one. */
export interface UpdateSource {
  /** Where a box is; one that was never written has pts 1. */
  readPosition(owner: bigint): Promise<BoxPosition>;
  /** Where many boxes are, in one read: only those that are not where they are said to be, and were ever written. */
  listMoved(known: KnownPositions): Promise<Map<bigint, BoxPosition>>;
  /** Reads the counter first, then at most `limit` events that a session lacks. */
  listEventsSince(owner: bigint, reach: BoxReach, limit: number): Promise<EventSlice>;
  /** The events as the owner's devices get them, with every peer they name; at once, where nothing must be read. */
  projectEvents(owner: bigint, events: readonly BoxEvent[]): tl.Updates | Promise<tl.Updates>;
  /** An update that is stored nowhere, with every peer it names. */
  projectTransient(owner: bigint, update: tl.Update): tl.Updates | Promise<tl.Updates>;
}
