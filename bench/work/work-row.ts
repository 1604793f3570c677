import type { Caller, Stage } from './stage.ts';

/** A call whose work is counted. */
export interface WorkRow {
  /** Name of the row, such as `text to a person`. */
  name: string;
  /** Sets up one caller. @param n the caller's number among those who call at once @returns how the caller makes the call */
  prepare(caller: Caller, stage: Stage, n: number): Promise<Prepared> | Prepared;
  /** Only one call at a time is counted: of several at once, the number of transactions that they share depends on timing. */
  isAlone?: boolean;
  /** The row counts background work, such as timers, indexing and jobs, instead of a call. */
  isLater?: boolean;
  /** Allocations are measured too, for one call or also for sixteen at once. Only for cheap calls without `before`. */
  memory?: 'alone' | 'both';
}

/** How a caller makes the call. */
export interface Prepared {
  /** Runs before each call, and is not counted. */
  before?: () => Promise<unknown>;
  call: () => Promise<unknown>;
}
