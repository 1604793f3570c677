import type { Clock, ClockDoubt, Lifecycle, Logger, Metrics } from '@aerogram/runtime';
import { type Database, type DueJobs, type JobKind, createJobRunner, createRetentionJobs } from '@aerogram/storage';
import { nodeName } from './node-name.ts';

interface WorkDeps {
  db: Database;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  dataDir: string;
  /** Job kinds of the domain; those that delete old rows are added. */
  kinds: readonly JobKind[];
  /** Whether the clock is reliable. */
  doubt: ClockDoubt | undefined;
}

/** Adds the work of the `jobs` role to the node: delayed and recurring jobs. It drains with the node. */
export function addWork(lifecycle: Lifecycle, { dataDir, kinds, ...deps }: WorkDeps): DueJobs {
  const runner = createJobRunner({ ...deps, kinds: [...kinds, ...createRetentionJobs(deps)], holder: nodeName(dataDir) });
  lifecycle.add({
    name: 'jobs',
    start: () => runner.start(),
    drain: (signal) => runner.drain(signal),
    stop: async () => runner[Symbol.asyncDispose](),
  });
  return runner;
}
