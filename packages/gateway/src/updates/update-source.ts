import type { BoxEvent, BoxPosition, BoxReach, KnownPositions } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

/** A part of a message box's history, and the position where it ends. */
export interface EventSlice extends BoxPosition {
  /** In ascending pts: everything that the reader lacked up to `pts` and `looseSeq`. */
  events: BoxEvent[];
  /** Whether the box has further events after `pts`. */
  more: boolean;
}

/** What the pusher reads from; `domain.updates` implements it. */
export interface UpdateSource {
  /** Reads the position of a box; a box that was never written has pts 1. */
  readPosition(owner: bigint): Promise<BoxPosition>;
  /** Reads the positions of many boxes at once. Returns only boxes that were ever written and are not at the given position. */
  listMoved(known: KnownPositions): Promise<Map<bigint, BoxPosition>>;
  /** Reads the counters first, then at most `limit` events that a session lacks. */
  listEventsSince(owner: bigint, reach: BoxReach, limit: number): Promise<EventSlice>;
  /** Projects events as the owner's devices get them, with all peers they name. Returns synchronously if nothing has to be read. */
  projectEvents(owner: bigint, events: readonly BoxEvent[]): tl.Updates | Promise<tl.Updates>;
  /** Projects an update that is not stored, with all peers it names. */
  projectTransient(owner: bigint, update: tl.Update): tl.Updates | Promise<tl.Updates>;
}
