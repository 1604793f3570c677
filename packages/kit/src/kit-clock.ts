import { type Clock, systemClock } from '@aerogram/runtime';

/** Real time plus what tests have added. */
export interface KitClock extends Clock {
  /** Moves the time ahead, and runs what becomes due by it. @param ms ≥ 0 */
  move(ms: number): Promise<void>;
}

/** Creates a clock that shows real time until it is moved. */
export function createKitClock(real: Clock = systemClock): KitClock {
  return { ...real, move: () => Promise.reject(new Error('the clock cannot be moved yet')) };
}
