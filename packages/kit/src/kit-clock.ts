import type { Clock } from '@aerogram/runtime';

/** Real time plus what tests have added. */
export interface KitClock extends Clock {
  /** Moves the time ahead, and runs what becomes due by it. @param ms ≥ 0 */
  move(ms: number): Promise<void>;
}
