import type { ServerInfo } from '@aerogram/dev-env/load';

/** What the counted server is told. */
export type Order =
  /** Begins to count. Jobs of the server may be held back meanwhile. */
  | { do: 'begin'; holdsJobs: boolean }
  /** Ends a count. */
  | { do: 'end' }
  /** Moves the time on, with all that becomes due; then runs the jobs that are due. */
  | { do: 'advance'; ms: number }
  /** Moves the date on, and nothing else. */
  | { do: 'jump'; ms: number }
  /** Stands still for some milliseconds, after the answer to this order: what arrives meanwhile is read in one turn of the event loop. */
  | { do: 'freeze'; ms: number }
  /** Begins to note what is allocated. */
  | { do: 'sample' }
  /** Ends that. @see Allocations */
  | { do: 'end-sample' };

/** What the server counted itself. */
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
  begin: undefined;
  end: ServerCounts;
  advance: undefined;
  jump: undefined;
  freeze: undefined;
  sample: undefined;
  'end-sample': Allocations;
}

/** What the server says. */
export type Said = { ready: ServerInfo } | { answer: unknown } | { error: string };
