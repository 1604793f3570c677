import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Lifecycle, Logger, Metrics } from '@aerogram/runtime';
import { type Database, type JobKind, createJobRunner, createRetentionJobs } from '@aerogram/storage';

interface WorkDeps {
  db: Database;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  dataDir: string;
  /** The domain's; what keeps the database small comes on top. */
  kinds: readonly JobKind[];
}

/**
 * The name under which this node holds leases. It lies in the data directory, so that a restarted node has its own
 * leases at once, and two nodes on one database never share a name.
 */
export function nodeName(dataDir: string): string {
  const file = join(dataDir, 'node-id');
  try {
    writeFileSync(file, randomBytes(12).toString('hex'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}

/** Adds the work of the `jobs` role to the node: what is done later, or again and again. It drains with the node. */
export function addWork(lifecycle: Lifecycle, { dataDir, kinds, ...deps }: WorkDeps): void {
  const runner = createJobRunner({ ...deps, kinds: [...kinds, ...createRetentionJobs(deps)], holder: nodeName(dataDir) });
  lifecycle.add({
    name: 'jobs',
    start: () => runner.start(),
    drain: (signal) => runner.drain(signal),
    stop: async () => runner[Symbol.asyncDispose](),
  });
}
