import type { ServerInfo } from '@aerogram/dev-env/load';

/** An order to the counted server. */
export type Order =
  /** Begins to count. Jobs of the server may be held back meanwhile. */
  | { do: 'begin'; holdsJobs: boolean }
  /** Ends a count. */
  | { do: 'end' }
  /** Moves the clock on, and fires the timers that become due. */
  | { do: 'advance'; ms: number }
  /** Moves the date on without firing timers. */
  | { do: 'jump'; ms: number }
  /** Blocks the event loop for some milliseconds after the answer: packets that arrive meanwhile are then read in one turn. */
  | { do: 'freeze'; ms: number }
  /** Begins a sampling of allocations. */
  | { do: 'sample' }
  /** Ends it; the answer has its result. */
  | { do: 'end-sample' };

/** What is counted inside the server's process. */
export interface ServerCounts {
  hints: number;
  /** Writes to the sockets of clients. */
  writes: number;
}

/** What was allocated in V8's heap. */
export interface Allocations {
  bytes: number;
  /** By the folder of the source in which it was allocated. */
  byFolder: Record<string, number>;
  /** By function. */
  byFunction: Record<string, number>;
}

/** What the server answers to each order. */
export interface Answers {
  begin: void;
  end: ServerCounts;
  advance: void;
  jump: void;
  freeze: void;
  sample: void;
  'end-sample': Allocations;
}

/** A message of the server: that it is ready, or the answer to the last order. */
export type Said = { ready: ServerInfo } | { answer: unknown } | { error: string };
