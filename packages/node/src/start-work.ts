import type { Bus } from '@aerogram/bus';
import type { Clock, ClockDoubt, Lifecycle, Logger, Metrics } from '@aerogram/runtime';
import { type Database, type DueJobs, type JobKind, type LeaseHolder, createJobRunner, createRetentionJobs } from '@aerogram/storage';
import { shareJobHints } from './job-hints.ts';

interface WorkDeps {
  db: Database;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  bus: Bus;
  holder: LeaseHolder;
  /** Job kinds of the domain; those that delete old rows are added. */
  kinds: readonly JobKind[];
  /** Whether the clock is reliable. */
  doubt: ClockDoubt | undefined;
}

/** Adds the work of the `jobs` role to the node: delayed and recurring jobs. It drains with the node. */
export function addWork(lifecycle: Lifecycle, { kinds, bus, ...deps }: WorkDeps): DueJobs {
  const runner = createJobRunner({ ...deps, kinds: [...kinds, ...createRetentionJobs(deps)] });
  lifecycle.own('hints of jobs', shareJobHints({ db: deps.db, bus }, runner));
  lifecycle.add({
    name: 'jobs',
    start: () => runner.start(),
    drain: (signal) => runner.drain(signal),
    stop: async () => runner[Symbol.asyncDispose](),
  });
  return runner;
}
