import type { BoxEvent } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

/** A part of a box's history. */
export interface EventSlice {
  /** In ascending pts, all of `(after, pts]`. */
  events: BoxEvent[];
  pts: number;
  /** The box goes on beyond `pts`. */
  more: boolean;
}

/** What the pusher reads; `domain.updates` is one. */
export interface UpdateSource {
  /** Counters of many boxes in one read; a box that was never written has 1. */
  readPts(owners: readonly bigint[]): Promise<Map<bigint, number>>;
  /** Reads the counter first, then at most `limit` events after `after`. */
  listEvents(owner: bigint, after: number, limit: number): Promise<EventSlice>;
  /** The events as the owner's devices get them, with every peer they name. */
  projectEvents(owner: bigint, events: readonly BoxEvent[]): Promise<tl.Updates>;
  /** An update that is stored nowhere, with every peer it names. */
  projectTransient(owner: bigint, update: tl.Update): Promise<tl.Updates>;
}
