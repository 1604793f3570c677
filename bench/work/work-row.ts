import type { Caller, Stage } from './stage.ts';

/** A call whose work is counted. */
export interface WorkRow {
  /** What somebody does, such as `a text to a person`. */
  name: string;
  /** Makes one of several ready, and returns how they make the call. @param n which of those who call at once */
  prepare(caller: Caller, stage: Stage, n: number): Promise<Prepared> | Prepared;
  /** Only one may call at a time; or several at once share transactions as they happen to be ready, so that no two counts are the same. */
  isAlone?: boolean;
  /** Nobody calls: what the server does later by itself is counted, with its jobs. */
  isLater?: boolean;
  /** Whether what it allocates is measured too, of one or also of several at once: of calls that are cheap, and need nothing done before each. */
  memory?: 'alone' | 'both';
}

/** How somebody makes the call. */
export interface Prepared {
  /** What has to be done each time before the call, and is not counted. */
  before?: () => Promise<unknown>;
  call: () => Promise<unknown>;
}
