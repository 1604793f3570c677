import type { Clock, Logger, Random } from '@aerogram/runtime';
import type { Signal } from '../signal.ts';
import type { Incarnation } from './commit-mark.ts';
import type { Connections } from './connections.ts';
import type { StorageMetrics } from './metrics.ts';

/** Dependencies of transactions. */
export interface TransactorParts {
  connections: Connections;
  clock: Clock;
  random: Random;
  log: Logger;
  metrics: StorageMetrics;
  jobsAppended: Signal<number>;
  /** See `DatabaseOptions.incarnation`. */
  incarnation: () => Incarnation | undefined;
}
